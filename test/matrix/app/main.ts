import 'reflect-metadata';

import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { autoCloseFromFile } from './auto-close.js';
import { outcomes } from './outcomes.js';
import { closeOverHttp } from './over-http.js';
import { shutDown } from './shut-down.js';

async function main(): Promise<void> {
  const emulator = await WechatPayEmulator.start();
  const result = {
    overHttp: await closeOverHttp(emulator),
    ...(await outcomes(emulator)),
    atShutdown: await shutDown(),
    autoClosed: await autoCloseFromFile(emulator),
  };
  const states = Object.fromEntries(emulator.orders.map(({ out_trade_no, state }) => [out_trade_no, state]));
  await emulator.stop();
  process.stdout.write(JSON.stringify({ ...result, states }));
}

void main();
