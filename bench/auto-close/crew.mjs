import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

import { ask } from '../processes.mjs';

/** Worker processes on one store, and everything that they have told. */
export class Crew {
  started = [];
  recorded = [];
  handled = [];
  /** How many orders each process recorded. */
  shares = [];
  #children = [];

  /** Starts some processes at once. @param {number} count @param {object} settings what each is told */
  async start(count, settings) {
    const workers = await Promise.all(Array.from({ length: count }, () => ask('./auto-close/worker.mjs', settings)));
    for (const [index, { child }] of workers.entries()) {
      this.shares[index] = 0;
      this.#children.push(child);
      child.on('message', ({ started, recorded, handled }) => {
        this.started.push(...started);
        this.recorded.push(...recorded);
        this.handled.push(...handled);
        this.shares[index] += recorded.length;
      });
    }
  }

  /** Waits until as many orders are recorded, and a little longer for any that is recorded twice. */
  async until(count, withinMs = 240_000) {
    const giveUp = Date.now() + withinMs;
    while (this.recorded.length < count) {
      if (Date.now() > giveUp) throw new Error(`${this.recorded.length} of ${count} were recorded in ${withinMs} ms`);
      await pause(50);
    }
    await pause(1_000);
  }

  /** Ends all in order. */
  async stop() {
    await Promise.all(
      this.#children.map(async (child) => {
        const gone = once(child, 'exit');
        child.send('stop');
        await gone;
      }),
    );
  }

  /** Records a second, from the first order that was taken to the last that was recorded. */
  get perSecond() {
    const first = this.started.reduce((least, { at }) => Math.min(least, at), Infinity);
    const last = this.recorded.reduce((most, { at }) => Math.max(most, at), 0);
    return (this.recorded.length * 1_000) / (last - first);
  }
}
