/** Something under way that takes one step after the other. Whoever gives it up ends the step that it is at, and no other is begun. */
export class Undertaking {
  #stop: (() => void) | undefined;
  #tell: (() => void) | undefined;
  #isGivenUp = false;

  /** Whether nobody waits for it any more. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /**
   * Notes the step that it is at.
   *
   * @param stop - ends that step; `undefined` once it has ended by itself
   */
  at(stop: (() => void) | undefined): void {
    if (this.#isGivenUp) stop?.();
    else this.#stop = stop;
  }

  /**
   * Has somebody told if it is given up.
   *
   * @param tell - called at most once, after the step has ended
   */
  whenGivenUp(tell: () => void): void {
    this.#tell = tell;
  }

  /** Ends the step that it is at. */
  giveUp(): void {
    const [stop, tell] = [this.#stop, this.#tell];
    this.#isGivenUp = true;
    this.finish();
    try {
      stop?.();
    } finally {
      tell?.();
    }
  }

  /** It has ended, one way or the other. */
  finish(): void {
    this.#stop = undefined;
    this.#tell = undefined;
  }
}
