import { once } from 'node:events';

import { expect, it } from '@jest/globals';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { withForkedApp } from '../support/forked-app.js';
import { keys } from '../support/test-shop.js';

it('certificates that are kept up to date do not keep a process alive that has nothing else to do', async () => {
  const emulator = await WechatPayEmulator.start({ keys });
  const out_trade_no = 'RESTING001';
  emulator.place({ out_trade_no });
  try {
    await withForkedApp('resting-app.mjs', async (child) => {
      const state = once(child, 'message');
      const exit = once(child, 'exit');
      child.send({ options: emulator.options('download'), out_trade_no });
      expect(await state).toEqual(['CLOSED', undefined]);
      // Idle connections are unreferenced; only a timer could hold it.
      expect(await exit).toEqual([0, null]);
    });
  } finally {
    await emulator.stop();
  }
}, 30_000);
