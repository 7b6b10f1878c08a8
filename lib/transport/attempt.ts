import type { Unsubscribable } from 'rxjs';

import { type Abandonable, Undertaking } from '../environment/undertaking.js';

/** A step that takes time, but not for ever. */
export interface LimitedStep extends Abandonable {
  /**
   * Ends it if it is late.
   *
   * @param now - by the stopwatch, in milliseconds
   * @returns in how many milliseconds to look again, if at all
   */
  look(now: number): number | undefined;
}

/** One attempt under way: it signs, sends and hears, and verifies. */
export class Attempt extends Undertaking<LimitedStep> {
  /** The timer that looks after the limits of its steps. */
  watch: Unsubscribable | undefined = undefined;

  override finish(): void {
    this.watch?.unsubscribe();
    this.watch = undefined;
    super.finish();
  }
}
