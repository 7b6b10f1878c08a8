/** Measures one client in one scenario, in a process of its own, and sends the figures to its parent. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';

const CLIENTS = {
  'nestjs-wechatpay': async (settings) => (await import('./clients/ours.mjs')).makeOurs(settings),
  floor: async (settings) => (await import('./clients/floor.mjs')).makeFloor(settings),
  'wechatpay-axios-plugin': async (settings) => (await import('./clients/peers.mjs')).makeAxiosPlugin(settings),
  'wechatpay-node-v3': async (settings) => (await import('./clients/peers.mjs')).makeNodeV3(settings),
};

process.once('message', (settings) => void measure(settings));
process.send('ready');

async function measure({ client: name, api, inFlight, warmUp, closes, ...settings }) {
  const client = await CLIENTS[name](settings);
  let next = 0;
  const run = async (count, latencies) => {
    const until = next + count;
    const work = async () => {
      while (next < until) {
        const number = `BENCH${String(next++).padStart(10, '0')}`;
        const begun = performance.now();
        await client[api](number);
        latencies?.push(performance.now() - begun);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, work));
  };

  await run(warmUp);
  await pause(50);
  globalThis.gc?.();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const latencies = [];
  const cpu = process.cpuUsage();
  const begun = performance.now();
  delay.enable();
  await run(closes, latencies);
  delay.disable();
  const elapsedMs = performance.now() - begun;
  const { user, system } = process.cpuUsage(cpu);
  const { rss } = process.memoryUsage();
  for (let round = 0; round < 3; round++) {
    await pause(1);
    globalThis.gc?.();
  }
  const sorted = latencies.toSorted((one, other) => one - other);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  process.send({
    perSecond: (closes * 1_000) / elapsedMs,
    cpuMs: (user + system) / 1_000 / closes,
    p50: at(0.5),
    p99: at(0.99),
    // The histogram counts its own resolution of 1 ms.
    loopP99: Math.max(0, delay.percentile(99) / 1e6 - 1),
    rssMiB: rss / 2 ** 20,
    heapMiB: process.memoryUsage().heapUsed / 2 ** 20,
  });
  await client.end();
  process.disconnect();
}
