import type { Unsubscribable } from 'rxjs';

import { Undertaking } from '../environment/undertaking.js';

/** One attempt under way: it signs, sends and hears, and verifies. */
export class Attempt extends Undertaking {
  /** The timer that looks after its limits. */
  watch: Unsubscribable | undefined;
  /** Ends the step that it is at where that is late; otherwise says in how many milliseconds to look again. */
  look: (() => number | undefined) | undefined;

  override finish(): void {
    this.watch?.unsubscribe();
    this.watch = undefined;
    this.look = undefined;
    super.finish();
  }
}
