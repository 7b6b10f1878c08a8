import { withStore } from './bench-context.mjs';

/** How many orders a second one process schedules, one after the other and 64 at once. */
export async function addRate(store, { adds }) {
  const rate = (orders, inFlight) =>
    withStore(store, 0, async ({ schedule }) => (await schedule({ orders, inFlight, isWarmedUp: true })).perSecond);
  return { '1 at a time, /s': await rate(Math.ceil(adds / 5), 1), '64 at once, /s': await rate(adds, 64) };
}
