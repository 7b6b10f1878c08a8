/** What can be given up. */
export interface Abandonable {
  giveUp(): void;
}

/** Something under way that takes one step after the other. Whoever gives it up ends the step that it is at, and no other is begun. */
export class Undertaking<TStep extends Abandonable> implements Abandonable {
  #step: TStep | undefined;
  #tell: (() => void) | undefined;
  #isGivenUp = false;

  /** Whether nobody waits for it any more. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /** The step that it is at, if that takes time. */
  get step(): TStep | undefined {
    return this.#step;
  }

  /**
   * It begins a step.
   *
   * @param step - given up at once where the whole has been
   */
  begin(step: TStep): void {
    if (this.#isGivenUp) step.giveUp();
    else this.#step = step;
  }

  /**
   * A step has ended.
   *
   * @returns whether it was the one under way; it is not if it was given up before
   */
  end(step: TStep): boolean {
    if (this.#step !== step) return false;
    this.#step = undefined;
    return true;
  }

  /**
   * Has somebody told if it is given up.
   *
   * @param tell - called at most once, after the step has ended; at once where it has been given up
   */
  whenGivenUp(tell: () => void): void {
    if (this.#isGivenUp) tell();
    else this.#tell = tell;
  }

  /** Ends the step that it is at. */
  giveUp(): void {
    const step = this.#step;
    const tell = this.#tell;
    this.#isGivenUp = true;
    this.finish();
    try {
      step?.giveUp();
    } finally {
      tell?.();
    }
  }

  /** It has ended, one way or the other. */
  finish(): void {
    this.#step = undefined;
    this.#tell = undefined;
  }
}
