import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const APP = fileURLToPath(new URL('../auto-close/fixtures/worker-app.mjs', import.meta.url));

/** Processes that close orders, and what they say. */
export class Workers {
  /** @type {Map<string, number>} how often each order was recorded */
  recorded = new Map();
  /** @type {Map<string, number>} how often the handler was called for each */
  handled = new Map();
  kills = 0;
  /** @type {import('node:child_process').ChildProcess[]} */
  #processes = [];

  /** @param {object} message what each is told: the options of both modules */
  constructor(message) {
    this.message = message;
  }

  async start() {
    const child = fork(APP, { execArgv: ['--no-warnings'], stdio: ['ignore', 'pipe', 'ignore', 'ipc'] });
    this.#processes.push(child);
    let rest = '';
    child.stdout?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      parts.forEach((part) => this.#note(JSON.parse(part)));
    });
    await once(child, 'message');
    child.send(this.message);
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
