import type { StoreEnvironment } from '../../scheduling/store-environment.js';

/** How long the operator is not told the same again: a server that is gone fails many times a second. */
const QUIET_MS = 60_000;

/** Tells the operator of trouble, each kind once a minute. */
export class Trouble {
  readonly #toldAt = new Map<string, number>();

  constructor(private readonly environment: StoreEnvironment) {}

  /**
   * @param kind - of the trouble
   * @param problem - a sentence that says what to do
   */
  tell(kind: string, problem: string): void {
    const now = this.environment.clock.now();
    if (now < (this.#toldAt.get(kind) ?? -Infinity) + QUIET_MS) return;
    this.#toldAt.set(kind, now);
    this.environment.report(problem);
  }
}
