import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { keys } from '../support/test-shop.js';
import { until } from '../support/until.js';

interface Line {
  readonly out_trade_no: string;
  readonly state?: string;
  readonly name?: string;
  readonly reason?: string;
}

const CLOSES = 50;
/** Replies take up to this long, and SIGTERM comes within it. */
const SLOWEST_MS = 400;
/** Shorter than the slowest replies, so that some closes are cut off. */
const GRACE_MS = 200;
// It runs the built package, as an application does: `npm test` builds it first.
const APP = fileURLToPath(new URL('fixtures/sigterm-app.mjs', import.meta.url));

let emulator: WechatPayEmulator;
let child: ChildProcess | undefined;
beforeAll(async () => {
  emulator = await WechatPayEmulator.start({ keys });
});
afterEach(() => {
  child?.kill('SIGKILL');
  emulator.reset();
});
afterAll(() => emulator.stop());

/** Numbers from 0 to below 1 that are the same for the same seed. */
function luckFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

let cutOff = 0;

const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it.each(Array.from({ length: 20 }, (_, index) => index + 1))(
  'SIGTERM ends every close that is under way, and the process, at moment %d',
  async (seed) => {
    const luck = luckFrom(seed);
    luck();
    const moment = luck() * SLOWEST_MS;
    const numbers = Array.from({ length: CLOSES }, (_, index) => `SIGTERM${seed}${String(index).padStart(4, '0')}`);
    for (const out_trade_no of numbers) emulator.place({ out_trade_no });
    // Some replies are lost, so that SIGTERM also meets closes that wait for their next attempt.
    emulator.afterSigning(async () => {
      await sleep(luck() * SLOWEST_MS);
      return luck() < 0.2 ? 'drop' : undefined;
    });
    const socketsBefore = sockets();

    const app = fork(APP, { execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    child = app;
    let [output, complaints] = ['', ''];
    app.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
    app.stderr?.setEncoding('utf8').on('data', (text: string) => (complaints += text));
    await once(app, 'message');
    app.send({ options: { ...emulator.options(), timeouts: { shutdownMs: GRACE_MS } }, numbers });
    await once(app, 'message');
    await until(() => emulator.requests.length >= CLOSES);
    await sleep(moment);

    const ended = once(app, 'close');
    const signalledAt = Date.now();
    app.kill('SIGTERM');
    const end = await ended;
    expect(Date.now() - signalledAt).toBeLessThan(GRACE_MS + 1_000);
    expect(end).toEqual([null, 'SIGTERM']);
    expect(complaints).toBe('');

    const lines = output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
    expect(lines.map(({ out_trade_no }) => out_trade_no).sort()).toEqual(numbers);
    for (const { out_trade_no, ...ending } of lines) {
      if (ending.state !== undefined)
        expect([ending.state, emulator.order(out_trade_no)?.state]).toEqual(['CLOSED', 'CLOSED']);
      else
        expect([ending.name, ['shutdown', 'reset']]).toEqual([
          'OutcomeUnknownError',
          expect.arrayContaining([ending.reason]),
        ]);
    }
    cutOff += lines.filter(({ reason }) => reason === 'shutdown').length;
    await until(() => sockets() <= socketsBefore);
  },
  15_000,
);

it('and some of them were cut off by the end of the grace', () => {
  expect(cutOff).toBeGreaterThan(0);
});
