import { expect, it } from '@jest/globals';
import { OutcomeUnknownError } from 'nestjs-wechatpay';

import { ending, openShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

it('64 requests go out to a host at once, 1,000 wait, and further ones are refused unsent', async () => {
  const shop = await openShop({ timeouts: { connectMs: 60_000, attemptMs: 60_000, totalMs: 60_000, shutdownMs: 0 } });
  shop.emulator.afterSigning(() => new Promise<undefined>(() => {}));
  const ends = Array.from({ length: 1_064 }, (_, index) =>
    ending(shop.service.v2({ out_trade_no: `OVERLOAD${String(index).padStart(4, '0')}` })),
  );
  await until(() => shop.emulator.requests.length === 64, 20_000);
  const refused = await ending(shop.service.v2({ out_trade_no: 'OVERLOAD9999' }));
  expect(refused).toBeInstanceOf(OutcomeUnknownError);
  expect(refused).toMatchObject({ phase: 'notSent', reason: 'overloaded', attempts: 1, retryable: true });
  expect(shop.emulator.requests).toHaveLength(64);
  await shop.app.close();
  for (const end of await Promise.all(ends)) expect(end).toMatchObject({ reason: 'shutdown' });
  await shop.emulator.stop();
}, 60_000);

it('a host that has room again takes requests again', async () => {
  const shop = await openShop();
  shop.emulator.place({ out_trade_no: 'OVERLOAD0000' });
  for (let round = 0; round < 3; round++) {
    await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        ending(shop.service.v2({ out_trade_no: `OVERLOAD${String(index).padStart(4, '0')}` })),
      ),
    );
  }
  expect(await ending(shop.service.v2({ out_trade_no: 'OVERLOAD0000' }))).toMatchObject({ state: 'CLOSED' });
  await shop.close();
}, 60_000);
