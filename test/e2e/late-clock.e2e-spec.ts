import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { expect, it } from '@jest/globals';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { keys } from '../support/test-shop.js';

// It runs the built package, as an application does: `npm test` builds it first.
const APP = fileURLToPath(new URL('fixtures/late-clock-app.mjs', import.meta.url));

it('a module that was loaded under the clock of a test closes orders and ends with its application after it', async () => {
  const emulator = await WechatPayEmulator.start({ keys });
  const numbers = Array.from({ length: 20 }, (_, index) => `LATECLOCK${index}`);
  for (const out_trade_no of numbers) emulator.place({ out_trade_no });
  const child = fork(APP, { stdio: 'ignore' });
  const lateKill = setTimeout(() => child.kill('SIGKILL'), 20_000);
  try {
    await once(child, 'message');
    const exit = once(child, 'exit');
    const states = Promise.race([once(child, 'message').then(([told]) => told), exit]);
    child.send({ options: emulator.options('both'), numbers });
    expect(await states).toEqual(numbers.map(() => 'CLOSED'));
    expect(await exit).toEqual([0, null]);
  } finally {
    clearTimeout(lateKill);
    child.kill('SIGKILL');
    await emulator.stop();
  }
}, 30_000);
