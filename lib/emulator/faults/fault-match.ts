import type { ActiveFault, Fault, FaultWhen } from './fault.js';
import type { RequestFacts } from './request-facts.js';
import type { SeededRandom } from './seeded-random.js';

/** A fault in force, with its counters. */
export class CountedFault implements ActiveFault {
  #matched = 0;
  #applied = 0;

  /**
   * @param id - the emulator's own name for it
   * @param fault - the fault
   */
  constructor(
    readonly id: string,
    readonly fault: Fault,
  ) {}

  get matched(): number {
    return this.#matched;
  }

  get applied(): number {
    return this.#applied;
  }

  /**
   * Decides whether the fault applies to a request, and counts it.
   *
   * @param facts - the request
   * @param random - decides where a probability is given
   */
  meets(facts: RequestFacts, random: SeededRandom): boolean {
    const { times = Infinity, after = 0, probability = 1, ...where } = this.fault.when ?? {};
    if (this.#applied >= times || !isAbout(where, facts)) return false;
    this.#matched += 1;
    if (this.#matched <= after || (probability < 1 && random.next() >= probability)) return false;
    this.#applied += 1;
    return true;
  }

  /** The fault as the control API shows it. */
  toJSON(): Record<string, unknown> {
    const { id, fault, matched, applied } = this;
    return { id, ...fault, matched, applied };
  }
}

function isAbout({ path, out_trade_no }: FaultWhen, facts: RequestFacts): boolean {
  const isPath = path === undefined || facts.template === path || facts.path.startsWith(path);
  return isPath && (out_trade_no === undefined || facts.orderNumbers.has(out_trade_no));
}
