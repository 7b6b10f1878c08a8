import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const APP = fileURLToPath(new URL('../auto-close/fixtures/worker-app.mjs', import.meta.url));

/** For a store that is down for half a second. */
const MOST_STARTS = 30;

/** Processes that close orders, and what they say. */
export class Workers {
  /** @type {Map<string, number>} how often each order was recorded */
  recorded = new Map();
  /** @type {Map<string, number>} how often the handler was called for each */
  handled = new Map();
  kills = 0;
  /** @type {import('node:child_process').ChildProcess[]} */
  #processes = [];
  /** @type {Set<import('node:child_process').ChildProcess>} */
  #diedAlone = new Set();
  /** What they wrote last to their standard error. */
  complaint = '';

  /** @param {object} message what each is told: the options of both modules */
  constructor(message) {
    this.message = message;
  }

  /** Starts one, again where it ends by itself because the store is down: as whatever supervises processes does. */
  async start() {
    for (let tries = 1; !(await this.#launch()); tries++) {
      if (tries === MOST_STARTS) throw new Error(`a worker did not start: ${this.complaint}`);
      await pause(200);
    }
  }

  /** @returns {Promise<boolean>} whether it works */
  async #launch() {
    const child = fork(APP, { execArgv: ['--no-warnings'], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.#processes.push(child);
    child.once('exit', () => {
      if (this.#processes.includes(child)) this.#diedAlone.add(child);
      this.#processes = this.#processes.filter((one) => one !== child);
    });
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (/** @type {string} */ text) => (this.complaint = `${this.complaint}${text}`.slice(-2_000)));
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      // Nest logs warnings there, too.
      parts.filter((part) => part.startsWith('{')).forEach((part) => this.#note(JSON.parse(part)));
    });
    await once(child, 'message');
    const answer = Promise.race([once(child, 'message').then(() => true), once(child, 'exit').then(() => false)]);
    child.send(this.message);
    const isStarted = await answer;
    if (!isStarted) this.#diedAlone.delete(child);
    return isStarted;
  }

  /** How many ended by themselves once they had started: none should. */
  get diedAlone() {
    return this.#diedAlone.size;
  }

  /** Kills the oldest with `kill -9`, and starts another. */
  async replaceOne() {
    const [oldest] = this.#processes;
    if (oldest === undefined) return;
    this.kills++;
    await this.#end(oldest, 'SIGKILL');
    await this.start();
  }

  /** Kills all at once, and starts as many. */
  async replaceAll() {
    const all = [...this.#processes];
    this.kills += all.length;
    await Promise.all(all.map((child) => this.#end(child, 'SIGKILL')));
    await Promise.all(all.map(() => this.start()));
  }

  async stop() {
    await Promise.all(this.#processes.map((child) => this.#end(child, 'SIGTERM')));
  }

  /**
   * @param {import('node:child_process').ChildProcess} child
   * @param {NodeJS.Signals} signal
   */
  async #end(child, signal) {
    this.#processes = this.#processes.filter((one) => one !== child);
    const gone = once(child, 'close');
    child.kill(signal);
    await gone;
  }

  /** @param {{ recorded?: string, handled?: string }} line */
  #note({ recorded, handled }) {
    if (recorded !== undefined) this.recorded.set(recorded, (this.recorded.get(recorded) ?? 0) + 1);
    if (handled !== undefined) this.handled.set(handled, (this.handled.get(handled) ?? 0) + 1);
  }
}
