/** Closes more and more orders in one process, for `volume.mjs`. */
import { setTimeout as pause } from 'node:timers/promises';

import { makeOurs } from './clients/ours.mjs';
import { answerTo } from './processes.mjs';

answerTo({ weigh });

async function weigh({ api, inFlight, totals, merchants, keys, origin }) {
  const client = await makeOurs({ keys, origin, merchants });
  const rows = [];
  let next = 0;
  for (const to of totals) {
    const from = next;
    const cpu = process.cpuUsage();
    const work = async () => {
      while (next < to) await client[api](`BENCH${String(next++).padStart(10, '0')}`);
    };
    await Promise.all(Array.from({ length: inFlight }, work));
    const { user, system } = process.cpuUsage(cpu);
    for (let round = 0; round < 3; round++) {
      await pause(20);
      globalThis.gc?.();
    }
    const { heapUsed, rss } = process.memoryUsage();
    rows.push({
      from,
      to,
      cpuMs: (user + system) / 1_000 / (to - from),
      heapMiB: heapUsed / 2 ** 20,
      rssMiB: rss / 2 ** 20,
    });
  }
  await client.end();
  // Nothing is left to be asked.
  setImmediate(() => process.disconnect());
  return rows;
}
