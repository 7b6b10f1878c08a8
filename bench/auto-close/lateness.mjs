import { quantile, withStore } from './bench-context.mjs';

const OVER_MS = 20_000;

/** How late orders are taken and recorded that fall due one after the other, 100 a second. */
export async function lateness(store, { late }) {
  return withStore(store, late, async ({ schedule, settings, crew }) => {
    await crew.start(1, settings);
    await schedule({ closeIn: 6_000, overMs: OVER_MS });
    await crew.until(late);
    return { ...spread('taken', crew.started), ...spread('recorded', crew.recorded) };
  });
}

function spread(name, events) {
  const late = events.map(({ lateMs }) => lateMs);
  return {
    [`${name} p50, ms`]: quantile(late, 0.5),
    [`${name} p99, ms`]: quantile(late, 0.99),
    [`${name} max, ms`]: quantile(late, 1),
  };
}
