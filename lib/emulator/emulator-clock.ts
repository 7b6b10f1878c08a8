import { EmulatorControlError } from './emulator-control.error.js';

/**
 * The emulator's clock. It runs on from wherever it is set; requests are checked and replies are signed by it.
 */
export class EmulatorClock {
  #offsetMs = 0;

  /** @param changed - is told whenever it was set */
  constructor(private readonly changed: () => void = () => {}) {}

  /** The time, in milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#offsetMs;
  }

  /**
   * Sets the clock.
   *
   * @param time - a date, or milliseconds since 1970
   * @throws {@link EmulatorControlError} if it is not a time
   */
  set(time: Date | number): void {
    const ms = Number(time);
    if (Number.isNaN(new Date(ms).getTime())) throw new EmulatorControlError('The clock cannot be set to that.');
    this.#offsetMs = ms - Date.now();
    this.changed();
  }

  /**
   * Moves the clock.
   *
   * @param ms - milliseconds; negative moves it back
   * @throws {@link EmulatorControlError} if the clock would leave the range of dates
   */
  advance(ms: number): void {
    this.set(this.now() + ms);
  }

  /** Puts the clock back to this machine's time. */
  reset(): void {
    this.#offsetMs = 0;
    this.changed();
  }
}
