/** Schedules orders from a process of its own that closes none, and sends its parent what that took. */
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

import { AutoCloseService } from 'nestjs-wechatpay/auto-close';

import { numberOf, openApp } from './app.mjs';

process.once('message', (settings) => void schedule(settings));
process.send('ready');

async function schedule({ run, orders, inFlight, closeIn = 3_600_000, overMs = 0, ...settings }) {
  const app = await openApp(settings, { worker: false });
  const autoClose = app.get(AutoCloseService);
  let next = 0;
  // The first due time is the same for all, whenever each is scheduled.
  const firstDue = Date.now() + closeIn;
  const add = async (until, prefix) => {
    while (next < until) {
      const index = next++;
      const time = overMs > 0 ? { closeAt: firstDue + Math.floor((index / orders) * overMs) } : { closeAfter: closeIn };
      await autoClose.schedule({ variant: 'direct', request: { out_trade_no: numberOf(prefix, index) }, ...time });
    }
  };
  const addAll = (until, prefix) => Promise.all(Array.from({ length: inFlight }, () => add(until, prefix)));
  if (settings.isWarmedUp) await addAll(Math.ceil(orders / 10), `${run}W`);
  next = 0;
  const before = await weigh();
  const begun = performance.now();
  await addAll(orders, run);
  const perSecond = (orders * 1_000) / (performance.now() - begun);
  const busyRss = process.memoryUsage().rss;
  const after = await weigh();
  process.send({ perSecond, before, after: { ...after, busyRss } });
  await app.close();
  process.disconnect();
}

async function weigh() {
  for (let round = 0; round < 3; round++) {
    await pause(10);
    globalThis.gc?.();
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { rss, heapUsed };
}
