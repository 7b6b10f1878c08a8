/** One attempt under way. It takes one step after the other, and whoever gives it up ends the one that it is at. */
export class Attempt {
  #stop: (() => void) | undefined;
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
    this.#stop = stop;
    if (this.#isGivenUp) stop?.();
  }

  /** Ends the step that it is at. The steps after it are not begun. */
  giveUp(): void {
    this.#isGivenUp = true;
    this.#stop?.();
    this.#stop = undefined;
  }
}
