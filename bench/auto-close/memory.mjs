import { withStore } from './bench-context.mjs';

const MIB = 2 ** 20;

/** What orders weigh that wait for their time: in the process that scheduled them, and in the store. */
export async function memory(name, { waiting }) {
  return withStore(name, 0, async ({ store, schedule }) => {
    // The tables are made, so that what is weighed are the orders.
    await schedule({ orders: 1, run: 'FIRST' });
    const empty = await store.bytes();
    const { before, after } = await schedule({ orders: waiting });
    const held = (await store.bytes()) - empty;
    return {
      'RSS before, MiB': before.rss / MIB,
      'RSS right after, MiB': after.busyRss / MIB,
      'heap before, MiB': before.heapUsed / MIB,
      'heap after, MiB': after.heapUsed / MIB,
      'store, MiB': held / MIB,
      'store, bytes an order': held / waiting,
    };
  });
}
