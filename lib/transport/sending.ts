import type { DoubtPhase } from '../answers/doubt.js';
import type { Attempt } from './attempt.js';
import { AttemptProgress } from './attempt-progress.js';
import type { Abort } from './node-exchange.js';
import type { AttemptStep } from './step-under-way.js';

/** The step in which a request is sent and its reply is heard. */
export class Sending implements AttemptStep {
  readonly what = 'whole reply';
  readonly reason = 'timeout';
  readonly progress = new AttemptProgress();
  #abort: Abort | undefined;

  /** @param attempt - that it belongs to */
  constructor(private readonly attempt: Attempt) {}

  get phase(): DoubtPhase {
    return this.progress.phase;
  }

  /**
   * The request is on its way.
   *
   * @param abort - ends it, at once where it was given up while it began
   */
  began(abort: Abort): void {
    this.#abort = abort;
    if (this.attempt.isGivenUp) this.stop();
  }

  stop(): void {
    this.#abort?.(this.attempt.isGivenUp);
  }
}
