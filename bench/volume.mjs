/**
 * What a close costs the first time and after 100,000: `node --expose-gc bench/volume.mjs [--api v3] [--merchants 1,1000]`, after
 * `npm run build`. Every row goes on in the same process; between rows, garbage is collected and the heap is weighed.
 */
import { parseArgs } from 'node:util';

import { makeKeys } from './keys.mjs';
import { startProcess } from './processes.mjs';

const { values } = parseArgs({
  options: {
    api: { type: 'string', default: 'v3' },
    closes: { type: 'string', default: '1000,10000,100000' },
    merchants: { type: 'string', default: '1,1000' },
    inFlight: { type: 'string', default: '16' },
  },
});
const keys = makeKeys();
const totals = values.closes.split(',').map(Number);
const stub = await startProcess('./stub.mjs');
const { port } = await stub.ask('start', { keys, api: values.api });
const origin = `http://127.0.0.1:${port}`;
for (const merchants of values.merchants.split(',').map(Number)) {
  const settings = { api: values.api, inFlight: Number(values.inFlight), totals, merchants, keys, origin };
  await stub.ask('prepare', { closes: totals.at(-1), latencyMs: 0 });
  const weigher = await startProcess('./weigh.mjs', { execArgv: ['--expose-gc'] });
  const rows = await weigher.ask('weigh', settings);
  console.log(`\n${values.api}, ${merchants} merchant${merchants === 1 ? '' : 's'}`);
  console.table(
    rows.map(({ from, to, cpuMs, heapMiB, rssMiB }) => ({
      closes: `${from + 1} to ${to}`,
      'CPU ms a close': cpuMs.toFixed(3),
      'heap after GC, MiB': heapMiB.toFixed(1),
      'RSS MiB': Math.round(rssMiB),
    })),
  );
  const [first, last] = [rows.at(-2), rows.at(-1)];
  const slope = ((last.heapMiB - first.heapMiB) * 2 ** 20) / (last.to - first.to);
  console.log(`heap: ${slope.toFixed(0)} bytes for each close of the last row`);
}
stub.kill();
