/** Tells the process that started this one how large the heap is after collection, as the outcomes grow. Loaded by `--import`. */
import { statSync } from 'node:fs';

const { PROBE_OUT: out = '', PROBE_STEP: step = '1000000' } = process.env;
const sizeOf = () => statSync(out, { throwIfNoEntry: false })?.size ?? 0;
/** What an earlier run wrote: nothing is measured before this one has closed something. */
let next = sizeOf() + 1;
setInterval(() => {
  const size = sizeOf();
  if (size < next) return;
  next = size + Number(step);
  globalThis.gc?.();
  process.send?.({ size, bytes: process.memoryUsage().heapUsed });
}, 20).unref();
