import { EmulatorControlError } from '../emulator-control.error.js';

import type { EmulatorFaults } from './emulator-faults.js';
import type { ActiveFault, Fault } from './fault.js';
import { CountedFault } from './fault-match.js';
import { faultSchema } from './fault.schema.js';
import type { RequestFacts } from './request-facts.js';
import { SeededRandom } from './seeded-random.js';

const FIRST_SEED = 1;

/** The faults in force at one emulator. */
export class FaultBook implements EmulatorFaults {
  readonly #faults = new Map<string, CountedFault>();
  readonly #random = new SeededRandom(FIRST_SEED);
  #added = 0;

  add(fault: Fault): ActiveFault {
    return this.addUnchecked(fault);
  }

  addUnchecked(fault: unknown): ActiveFault {
    const checked = faultSchema.safeParse(fault);
    if (!checked.success) {
      const [issue] = checked.error.issues;
      const field = issue?.path.join('.') ?? '';
      throw new EmulatorControlError(`The fault cannot be added: ${field}${field && ': '}${issue?.message ?? 'bad'}.`);
    }
    const counted = new CountedFault(`fault-${++this.#added}`, checked.data);
    this.#faults.set(counted.id, counted);
    return counted;
  }

  all(): readonly ActiveFault[] {
    return [...this.#faults.values()];
  }

  remove(id: string): void {
    if (!this.#faults.delete(id)) throw new EmulatorControlError(`There is no fault ${id}.`);
  }

  clear(): void {
    this.#faults.clear();
  }

  seed(seed: number): void {
    if (!Number.isSafeInteger(seed)) throw new EmulatorControlError('The seed must be an integer.');
    this.#random.seed(seed);
  }

  /** Forgets all faults, numbers them from 1 again and seeds the generator as at the start. */
  reset(): void {
    this.clear();
    this.#added = 0;
    this.seed(FIRST_SEED);
  }

  /**
   * The faults of one sort that apply to a request, oldest first. Each of them is counted.
   *
   * @param isOfSort - which faults are asked for
   * @param facts - the request
   */
  take<Sort extends Fault>(
    isOfSort: (fault: Fault) => fault is Sort,
    facts: RequestFacts,
  ): readonly TakenFault<Sort>[] {
    return [...this.#taken(isOfSort, facts)];
  }

  /**
   * The oldest fault of one sort that applies to a request. It alone is counted.
   *
   * @param isOfSort - which faults are asked for
   * @param facts - the request
   */
  takeFirst<Sort extends Fault>(
    isOfSort: (fault: Fault) => fault is Sort,
    facts: RequestFacts,
  ): TakenFault<Sort> | undefined {
    for (const taken of this.#taken(isOfSort, facts)) return taken;
    return undefined;
  }

  *#taken<Sort extends Fault>(
    isOfSort: (fault: Fault) => fault is Sort,
    facts: RequestFacts,
  ): Generator<TakenFault<Sort>> {
    for (const counted of this.#faults.values()) {
      const { id, fault } = counted;
      if (isOfSort(fault) && counted.meets(facts, this.#random)) yield { id, fault };
    }
  }
}

/** A fault that applies to the request at hand. */
export interface TakenFault<Sort extends Fault> {
  readonly id: string;
  readonly fault: Sort;
}
