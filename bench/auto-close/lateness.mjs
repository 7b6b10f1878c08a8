import { quantile, withStore } from './bench-context.mjs';

const OVER_MS = 20_000;

/** How late orders are taken and recorded that fall due one after the other, 100 a second. */
export async function lateness(store, { late }) {
  return withStore(store, late, async ({ schedule, settings, crew }) => {
    await crew.start(1, settings);
    await schedule({ closeIn: 6_000, overMs: OVER_MS });
    await crew.until(late);
    const told = (name, values) => ({
      [`${name} p50, ms`]: quantile(values, 0.5),
      [`${name} p99, ms`]: quantile(values, 0.99),
      [`${name} max, ms`]: quantile(values, 1),
    });
    const of = (events) => events.map(({ lateMs }) => lateMs);
    return { ...told('taken', of(crew.started)), ...told('recorded', of(crew.recorded)) };
  });
}
