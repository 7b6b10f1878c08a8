/** One client in a process of its own, which closes as many orders as its parent asks for and says what that cost. */
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';

import { answerTo } from './processes.mjs';

const CLIENTS = {
  'nestjs-wechatpay': async (settings) => (await import('./clients/ours.mjs')).makeOurs(settings),
  floor: async (settings) => (await import('./clients/floor.mjs')).makeFloor(settings),
  'wechatpay-axios-plugin': async (settings) => (await import('./clients/peers.mjs')).makeAxiosPlugin(settings),
  'wechatpay-node-v3': async (settings) => (await import('./clients/peers.mjs')).makeNodeV3(settings),
};

let client;
let next = 0;

answerTo({
  start: async ({ name, ...settings }) => {
    client = await CLIENTS[name](settings);
  },
  /** The first closes open connections again, and are not counted. */
  close: async ({ api, inFlight, uncounted, closes }) => {
    await run(api, inFlight, uncounted);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const cpu = process.cpuUsage();
    const begun = performance.now();
    delay.enable();
    const latencies = await run(api, inFlight, closes);
    delay.disable();
    const elapsedMs = performance.now() - begun;
    const { user, system } = process.cpuUsage(cpu);
    latencies.sort((one, other) => one - other);
    const at = (share) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))];
    return {
      perSecond: (closes * 1_000) / elapsedMs,
      cpuMs: (user + system) / 1_000 / closes,
      p50: at(0.5),
      p99: at(0.99),
      // The histogram counts its own resolution of 1 ms.
      loopP99: Math.max(0, delay.percentile(99) / 1e6 - 1),
      rssMiB: process.memoryUsage().rss / 2 ** 20,
    };
  },
});

/** @returns how long each close took, in milliseconds */
async function run(api, inFlight, closes) {
  const until = next + closes;
  const latencies = [];
  const work = async () => {
    while (next < until) {
      const number = `BENCH${String(next++).padStart(10, '0')}`;
      const begun = performance.now();
      await client[api](number);
      latencies.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, work));
  return latencies;
}
