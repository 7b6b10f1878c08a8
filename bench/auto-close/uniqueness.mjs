import { once } from 'node:events';

import { withStore } from './bench-context.mjs';

/** SQLite is for one machine, so two processes share a file; four share a queue. */
const CREWS = {
  sqlite: { processes: 2, share: 0.4 },
  redis: { processes: 4, share: 1 },
  postgres: { processes: 4, share: 1 },
};

/** Whether any order that several processes could take was recorded other than once. A breach is a figure other than 0. */
export async function uniqueness(name, { shared }) {
  const { processes, share } = CREWS[name];
  const orders = Math.ceil(shared * share);
  return withStore(name, orders, async ({ schedule, settings, crew, stub }) => {
    await schedule({ closeIn: 0 });
    await crew.start(processes, settings);
    await crew.until(orders);
    stub.send('count');
    const [closed] = await once(stub, 'message');
    const times = countBy(crew.recorded);
    const calls = countBy(crew.handled);
    return {
      processes,
      orders,
      'never recorded': orders - times.size,
      'recorded twice': aboveOne(times),
      'handled twice': aboveOne(calls),
      'closed twice': closed.closes - closed.orders,
      'not CLOSED': crew.recorded.filter(({ state }) => state !== 'CLOSED').length,
      'together, /s': crew.perSecond,
      'least of a process': Math.min(...crew.shares),
      'most of a process': Math.max(...crew.shares),
    };
  });
}

function aboveOne(counts) {
  return [...counts.values()].filter((count) => count > 1).length;
}

function countBy(events) {
  const counts = new Map();
  for (const { number } of events) counts.set(number, (counts.get(number) ?? 0) + 1);
  return counts;
}
