import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Randomness } from 'nestjs-wechatpay';
import type { Subscription } from 'rxjs';

import type { CloseCase } from '../../support/close-cases.js';
import { ending } from '../../support/test-shop.js';
import { until } from '../../support/until.js';
import { CLOSED, matrix, matrixOfWaits, type MatrixRow, unknown, VARIANTS } from './matrix.js';
import { Scene } from './scene.js';
import { Stage } from './stage.js';

const HOUR_MS = 3_600_000;
const MOMENT_MS = 200;

let stage: Stage;
const theStage = () => stage;
afterEach(() => {
  jest.restoreAllMocks();
});

describe('the clock of this machine', () => {
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const steps: [string, number][] = [
    ['an hour ahead', HOUR_MS],
    ['an hour behind', -HOUR_MS],
  ];
  const words = (offset: number) => (offset > 0 ? 'ahead of' : 'behind');
  // Nothing in APIv2 tells the time, so it closes there.
  matrix(theStage, [
    ...steps.map(([name, offset]): MatrixRow => ({
      name: `51. ${name}`,
      arrange: ({ stage: { shop } }) => (shop.clock.stoppedAt = Date.now() + offset),
      ends: ({ api }) =>
        api === 'v2'
          ? CLOSED
          : {
              name: 'RequestRefusedError',
              authenticated: false,
              code: 'SIGN_ERROR',
              message: expect.stringMatching(new RegExp(`clock is (3599|3600|3601) s ${words(offset)} WeChat Pay's`)),
            },
    })),
    ...steps.map(([name, offset]): MatrixRow => ({
      name: `51. set ${name} while the reply is on its way`,
      arrange: ({ stage: { shop }, emulator }) =>
        emulator.afterSigning(() => void (shop.clock.stoppedAt = Date.now() + offset)),
      ends: ({ api }) => (api === 'v2' ? CLOSED : unknown('verify', 'time')),
    })),
  ]);
});

describe('the clock of this machine, and deadlines', () => {
  const timeouts = { connectMs: MOMENT_MS, attemptMs: MOMENT_MS, totalMs: 1_000 };
  const step = { at: Infinity, by: 0 };
  beforeEach(() => {
    const now = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => now() + (performance.now() > step.at ? step.by : 0));
  });

  matrixOfWaits(
    () => Stage.open({ options: { timeouts } }),
    [HOUR_MS, -HOUR_MS].map((by) => ({
      name: `51. stepping by ${by / HOUR_MS} h while a reply stalls`,
      arrange: (scene) => {
        scene.fault({ kind: 'stall', at: 'headers' });
        Object.assign(step, { at: performance.now() + MOMENT_MS / 3, by });
      },
      ends: unknown('sent', 'timeout'),
      tries: 3,
      atLeastMs: 3 * MOMENT_MS,
      also: () => (step.at = Infinity),
    })),
  );
});

// RxJS tells somebody who unsubscribes nothing more, so there is no phase to state; a shutdown states one. A result that
// is verified is emitted in the same turn, so that there is none in hand that could be dropped.
describe.each(VARIANTS)('52. a caller who leaves: $name', (variant) => {
  const BACK_OFF_MS = 200;
  beforeAll(async () => {
    stage = await Stage.open({
      gateway: true,
      options: { retry: { attempts: 3, baseMs: BACK_OFF_MS, maxMs: BACK_OFF_MS } },
      providers: [[Randomness, { next: () => 0.99 }]],
    });
  });
  afterAll(() => stage.close());

  /** Leaves, and sees to it that the sockets go and nothing more is sent or told. */
  async function leave({ subscription, told }: Call, wire: Stage['wire'], quietMs = 20): Promise<void> {
    const begun = performance.now();
    subscription.unsubscribe();
    await until(() => stage.openSockets === 0);
    expect(performance.now() - begun).toBeLessThan(250);
    await sleep(quietMs);
    expect(told).toEqual([]);
    expect(stage.wire).toEqual(wire);
    await stage.heal();
    expect(await ending(new Scene(stage, variant).close('never'))).toMatchObject(CLOSED);
  }

  it('before anything was sent', async () => {
    await stage.begin();
    await leave(call(variant), { closes: 0, queries: 0 });
  });

  it('while the request is on its way', async () => {
    await stage.begin();
    const scene = new Scene(stage, variant);
    scene.script(() => {});
    const left = callOf(scene);
    await until(() => stage.wire.closes === 1);
    await leave(left, { closes: 1, queries: 0 });
  });

  it('between two attempts', async () => {
    await stage.begin();
    const scene = new Scene(stage, variant);
    scene.script(({ socket }) => socket.destroy());
    const left = callOf(scene);
    await until(() => stage.wire.closes === 1 && stage.openSockets === 0);
    await leave(left, { closes: 1, queries: 0 }, BACK_OFF_MS + 50);
  });

  it('while a query confirms', async () => {
    await stage.begin();
    const scene = new Scene(stage, variant);
    scene.fault({ kind: 'unsigned' });
    // Queries hang; the gateway waits for them.
    scene.emulator.afterSigning((_, { request }) =>
      request.url === scene.path ? undefined : new Promise<undefined>(() => {}),
    );
    const left = callOf(scene);
    await until(() => stage.wire.queries === 1);
    await leave(left, { closes: 1, queries: 1 });
  });
});

describe.each(VARIANTS)('52. an application that closes: $name', (variant) => {
  it.each([
    ['while the request is on its way', 'closes'],
    ['while a query confirms', 'queries'],
  ] as const)('%s', async (_, what) => {
    const closing = await Stage.open({ options: { confirm: 'onDoubt', timeouts: { shutdownMs: 50 } } });
    const scene = new Scene(closing, variant);
    scene.fault({ kind: 'unsigned' });
    scene.emulator.afterSigning((__, { request }) =>
      (request.url === scene.path) === (what === 'closes') ? new Promise<undefined>(() => {}) : undefined,
    );
    const ended = ending(scene.close('onDoubt'));
    await until(() => closing.wire[what] === 1);
    await closing.close();
    expect(await ended).toMatchObject(unknown('sent', 'shutdown'));
  });
});

interface Call {
  readonly subscription: Subscription;
  /** What the caller was told. */
  readonly told: string[];
}

function call(variant: CloseCase): Call {
  return callOf(new Scene(stage, variant));
}

function callOf(scene: Scene): Call {
  const told: string[] = [];
  const subscription = scene.close('onDoubt').subscribe({
    next: () => told.push('next'),
    error: () => told.push('error'),
    complete: () => told.push('complete'),
  });
  return { subscription, told };
}
