import { once } from 'node:events';

import { expect, it } from '@jest/globals';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { withForkedApp } from '../support/forked-app.js';
import { keys } from '../support/test-shop.js';

it('a module that was loaded under the clock of a test closes orders and ends with its application after it', async () => {
  const emulator = await WechatPayEmulator.start({ keys });
  const numbers = Array.from({ length: 20 }, (_, index) => `LATECLOCK${index}`);
  for (const out_trade_no of numbers) emulator.place({ out_trade_no });
  try {
    await withForkedApp('late-clock-app.mjs', async (child) => {
      const exit = once(child, 'exit');
      const states = Promise.race([once(child, 'message').then(([told]) => told), exit]);
      child.send({ options: emulator.options('both'), numbers });
      expect(await states).toEqual(numbers.map(() => 'CLOSED'));
      expect(await exit).toEqual([0, null]);
    });
  } finally {
    await emulator.stop();
  }
}, 30_000);
