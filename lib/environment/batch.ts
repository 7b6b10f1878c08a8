import { whenTurnEnds } from './when-turn-ends.js';

/** What goes on later in a turn. */
export interface Waiting {
  goOn(): void;
}

/**
 * Has things that come in during one turn of the event loop gone on with together. Calls then take the same step one after the other, which
 * costs a processor less than to take each through several steps. None waits for longer than there is something to wait for: they go on as
 * soon as there are so many of them, or no more to come, or the turn ends.
 */
export class Batch {
  #waiting: Waiting[] = [];
  /** Those that wait, and those that may come. */
  #underWay = 0;
  #endsWithTurn = false;

  /** @param size - how many go on together at most just now: with more of them, the first would wait for too long */
  constructor(private readonly size: () => number) {}

  /** How many wait or may come. */
  get underWay(): number {
    return this.#underWay;
  }

  /** Something has begun that will be added, or left out. */
  begin(): void {
    this.#underWay++;
  }

  /**
   * Adds what has begun.
   *
   * @param thing - is told to go on, once; at the end of the next turn at the latest, where this one is ending already
   */
  add(thing: Waiting): void {
    this.#waiting.push(thing);
    this.#goOnIfReady();
  }

  /** Something that has begun will not be added. */
  leaveOut(): void {
    this.#underWay--;
    this.#goOnIfReady();
  }

  #goOnIfReady(): void {
    if (this.#waiting.length === 0) return;
    if (this.#waiting.length >= Math.min(this.size(), this.#underWay)) this.#goOn();
    else if (!this.#endsWithTurn) this.#endWithTurn();
  }

  #endWithTurn(): void {
    this.#endsWithTurn = true;
    whenTurnEnds(() => {
      this.#endsWithTurn = false;
      this.#goOn();
    });
  }

  #goOn(): void {
    const things = this.#waiting;
    this.#waiting = [];
    this.#underWay -= things.length;
    for (const thing of things) thing.goOn();
  }
}
