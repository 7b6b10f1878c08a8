/** A number of places that are taken and freed; one taker waits at a time. */
export class Slots {
  #taken = 0;
  #onFree: (() => void) | undefined;

  /** @param count - how many there are */
  constructor(private readonly count: number) {}

  /** Takes a place, as soon as there is one. */
  async take(): Promise<void> {
    while (this.#taken >= this.count) {
      // oxlint-disable-next-line no-await-in-loop -- a place that was freed may be taken again meanwhile
      await this.#change();
    }
    this.#taken++;
  }

  /** Gives a place back. */
  free(): void {
    this.#taken--;
    this.#onFree?.();
  }

  /** Waits until no place is taken. */
  async allFree(): Promise<void> {
    while (this.#taken > 0) {
      // oxlint-disable-next-line no-await-in-loop -- each place is freed on its own
      await this.#change();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#onFree = resolve;
    });
  }
}
