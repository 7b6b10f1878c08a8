import { whenTurnEnds } from './when-turn-ends.js';

/** Lets so many computations run at once in a turn of the event loop, and no more, so that the loop keeps nobody waiting for long. */
export class TurnAllowance {
  #left: number;

  /** @param most - how many in a turn */
  constructor(private readonly most: number) {
    this.#left = most;
  }

  /** @returns whether one more may run at once */
  take(): boolean {
    if (this.#left === 0) return false;
    if (this.#left === this.most) whenTurnEnds(() => (this.#left = this.most));
    this.#left--;
    return true;
  }
}
