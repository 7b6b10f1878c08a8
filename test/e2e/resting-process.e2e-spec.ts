import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { expect, it } from '@jest/globals';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { keys } from '../support/test-shop.js';

// It runs the built package, as an application does: `npm test` builds it first.
const APP = fileURLToPath(new URL('fixtures/resting-app.mjs', import.meta.url));

it('certificates that are kept up to date do not keep a process alive that has nothing else to do', async () => {
  const emulator = await WechatPayEmulator.start({ keys });
  const out_trade_no = 'RESTING001';
  emulator.place({ out_trade_no });
  const child = fork(APP, { stdio: 'ignore' });
  const lateKill = setTimeout(() => child.kill('SIGKILL'), 20_000);
  try {
    await once(child, 'message');
    const state = once(child, 'message');
    const exit = once(child, 'exit');
    child.send({ options: emulator.options('download'), out_trade_no });
    expect(await state).toEqual(['CLOSED', undefined]);
    // Idle connections are unreferenced; only a timer could hold it.
    expect(await exit).toEqual([0, null]);
  } finally {
    clearTimeout(lateKill);
    child.kill('SIGKILL');
    await emulator.stop();
  }
}, 30_000);
