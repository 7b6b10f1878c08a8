import { withStore } from './bench-context.mjs';

/** How many orders a second one process closes that are all due: each closed, queried and recorded. */
export async function dueRate(store, { due }) {
  const rate = (concurrency) =>
    withStore(store, due, async ({ schedule, settings, crew }) => {
      await schedule({ closeIn: 0 });
      await crew.start(1, { ...settings, concurrency });
      await crew.until(due);
      return crew.perSecond;
    });
  return { 'concurrency 20, /s': await rate(20), 'concurrency 64, /s': await rate(64) };
}
