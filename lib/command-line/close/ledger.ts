import { OUTCOMES, type OutcomeName } from './outcome-name.js';

const FIRST_SIZE = 1_024;
const IS_FINAL = 0x80;
const OUTCOME = 0x7f;

/** What became of one order. */
export interface Entry {
  readonly outcome: OutcomeName;
  /** Whether it is not tried again by itself. */
  readonly isFinal: boolean;
  readonly fingerprint: number;
}

/** The latest outcome of each record of the input, by its number, in nine bytes each: a million orders take 9 MB. */
export class Ledger {
  #fingerprints = new Float64Array(FIRST_SIZE);
  #outcomes = new Uint8Array(FIRST_SIZE);
  #last = 0;

  /** The highest record that it knows, 0 for none. */
  get last(): number {
    return this.#last;
  }

  /**
   * The latest outcome.
   *
   * @param record - 1 for the first
   */
  find(record: number): Entry | undefined {
    const fingerprint = this.#fingerprints[record];
    const packed = this.#outcomes[record];
    if (fingerprint === undefined || packed === undefined || fingerprint === 0) return undefined;
    const outcome = OUTCOMES[packed & OUTCOME];
    return outcome === undefined ? undefined : { outcome, isFinal: (packed & IS_FINAL) !== 0, fingerprint };
  }

  /**
   * Enters an outcome in place of an earlier one.
   *
   * @param record - 1 for the first
   * @param entry - what became of it
   */
  enter(record: number, { outcome, isFinal, fingerprint }: Entry): void {
    if (record >= this.#outcomes.length) this.#grow(record);
    this.#fingerprints[record] = fingerprint;
    this.#outcomes[record] = OUTCOMES.indexOf(outcome) | (isFinal ? IS_FINAL : 0);
    this.#last = Math.max(this.#last, record);
  }

  /** How many orders came to what. */
  counts(): ReadonlyMap<OutcomeName, number> {
    const counts = new Map<OutcomeName, number>();
    for (let record = 1; record <= this.#last; record++) {
      const { outcome } = this.find(record) ?? {};
      if (outcome !== undefined) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
    }
    return counts;
  }

  #grow(record: number): void {
    const size = Math.max(record + 1, this.#outcomes.length * 2);
    const [fingerprints, outcomes] = [new Float64Array(size), new Uint8Array(size)];
    fingerprints.set(this.#fingerprints);
    outcomes.set(this.#outcomes);
    this.#fingerprints = fingerprints;
    this.#outcomes = outcomes;
  }
}
