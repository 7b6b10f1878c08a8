import { VirtualTimeScheduler } from 'rxjs';

/** A clock and a scheduler that stand still until a test moves them. */
export class VirtualTime {
  readonly scheduler = new VirtualTimeScheduler(undefined, 0);
  readonly clock = { now: () => 1_700_000_000_000 + this.scheduler.maxFrames };

  /** Moves on by so many milliseconds, one at a time, and lets everything else happen in between. */
  async pass(ms: number): Promise<void> {
    for (const end = this.scheduler.maxFrames + ms; this.scheduler.maxFrames < end; this.scheduler.maxFrames++) {
      this.scheduler.flush();
      // oxlint-disable-next-line no-await-in-loop -- what was due may take turns of the event loop
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
