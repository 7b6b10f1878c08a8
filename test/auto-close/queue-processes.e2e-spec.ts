import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { WechatPayModule } from 'nestjs-wechatpay';
import { AutoCloseModule, AutoCloseService } from 'nestjs-wechatpay/auto-close';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { Workers } from '../chaos/workers.mjs';
import { keys } from '../support/test-shop.js';
import { bullmqHarness, type BullmqHarness } from './bullmq-harness.js';
import { eventually } from './eventually.js';
import { realStores } from './real-stores.js';

const ORDERS = 400;
const PROCESSES = 4;

const stores = await realStores();
// Jest wants a test in every file, also where no server answers.
it('says which servers answer', () => expect(stores.length).toBeLessThanOrEqual(2));

describe.each(stores)('on $name', (store) => {
  let emulator: WechatPayEmulator;
  let harness: BullmqHarness;
  let workers: Workers;
  beforeEach(async () => {
    emulator = await WechatPayEmulator.start({ keys });
    harness = await bullmqHarness(store);
    workers = new Workers({ options: emulator.options(), autoClose: { store: harness.options } });
  });
  afterEach(async () => {
    await workers.stop();
    await harness.destroy();
    await emulator.stop();
  });

  it(`${PROCESSES} processes on one queue close ${ORDERS} due orders, each once`, async () => {
    const numbers = Array.from({ length: ORDERS }, (_, index) => `QUEUE${String(index).padStart(6, '0')}`);
    const module = await Test.createTestingModule({
      imports: [
        WechatPayModule.forRoot({ ...emulator.options(), isGlobal: true }),
        AutoCloseModule.forRoot({ store: harness.options, worker: false }),
      ],
    }).compile();
    const app = await module.init();
    const autoClose = app.get(AutoCloseService);
    await Promise.all(
      numbers.map(async (out_trade_no) => {
        emulator.place({ out_trade_no });
        await autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 0 });
      }),
    );
    await Promise.all(Array.from({ length: PROCESSES }, () => workers.start()));

    await eventually(() => workers.recorded.size === ORDERS, 60_000);
    expect(await autoClose.stats()).toMatchObject({ waiting: 0, running: 0, settled: ORDERS, givenUp: 0 });
    await app.close();
    // Their last words are read when they have ended.
    await workers.stop();
    expect([...workers.recorded.keys()].sort()).toEqual(numbers);
    expect([...workers.recorded.values()].filter((times) => times !== 1)).toEqual([]);
    expect([...workers.handled.values()].filter((times) => times !== 1)).toEqual([]);
    expect(emulator.orders.filter(({ state }) => state !== 'CLOSED')).toEqual([]);
  }, 90_000);
});
