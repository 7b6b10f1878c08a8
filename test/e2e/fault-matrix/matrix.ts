import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ClosedOrder, type Confirm, WechatPayError } from 'nestjs-wechatpay';

import { everythingOf, secretsIn } from '../../support/canary.js';
import { CLOSE_CASES, type CloseCase } from '../../support/close-cases.js';
import { ending } from '../../support/test-shop.js';
import { until } from '../../support/until.js';
import { Scene } from './scene.js';
import { type Stage, TIMEOUTS } from './stage.js';

/** The variants that the matrix is about: one of each way to say who asks. */
export const VARIANTS = CLOSE_CASES.filter(({ name }) => ['v2', 'direct', 'partner', 'combine'].includes(name));

/** How late a call may end after its deadline. */
const GRACE_MS = 250;
/** Timers of Node may fire this much early. */
const EARLY_MS = 5;

/** What may differ between the variants. */
export type Each<T> = T | ((variant: CloseCase) => T);

/** One row of the matrix. */
export interface MatrixRow {
  /** Its number in the matrix, and what goes wrong. */
  readonly name: string;
  /** The API that it is about; both where it is left out. */
  readonly api?: 'v2' | 'v3';
  /** Makes it go wrong, after the order was placed. */
  readonly arrange: (scene: Scene) => unknown;
  /** What the call ends in where the reply alone decides. */
  readonly ends: Each<object>;
  /** Attempts. */
  readonly tries?: Each<number>;
  /** Requests that arrive; as many as attempts where it is left out. */
  readonly heard?: Each<number>;
  /** What the call ends in where a query may decide; not tried where it is left out. */
  readonly query?: Each<object>;
  /** What the call ends in where a query is to confirm any reply; not tried where it is left out. */
  readonly always?: Each<object>;
  /** The least that it takes, in milliseconds. */
  readonly atLeastMs?: number;
  /** Whether nothing can be closed on this stage afterwards, either. */
  readonly isHopeless?: boolean;
  /** Looks at the rest, while the fault is still there. */
  readonly also?: (scene: Scene, ended: unknown) => unknown;
}

/** A doubt of a phase and a reason. */
export function unknown(phase: string, reason: string): object {
  return { name: 'OutcomeUnknownError', outcome: 'unknown', phase, reason };
}

/** The end of a row in which a query finds the order closed. */
export const CLOSED_BY_QUERY = { state: 'CLOSED', confirmedBy: 'query' };

/** The end of a row whose reply is believed. */
export const CLOSED = { state: 'CLOSED', confirmedBy: 'reply', alreadyClosed: false };

/** Where a row says what it ends in. */
const ENDS = { never: 'ends', onDoubt: 'query', always: 'always' } as const;

/** Runs rows for every variant that they are about. */
export function matrix(stage: () => Stage, rows: readonly MatrixRow[]): void {
  const rowsOf = (variant: CloseCase) => rows.filter(({ api }) => api === undefined || api === variant.api);
  describe.each(VARIANTS.filter((variant) => rowsOf(variant).length > 0))('$name', (variant) => {
    const own = rowsOf(variant);
    it.each(own)('$name', (row) => play(stage(), row, variant, 'never'));
    for (const confirm of ['onDoubt', 'always'] as const) {
      const asking = own.filter((row) => row[ENDS[confirm]] !== undefined);
      const name = `$name; confirm: '${confirm}'`;
      if (asking.length > 0) it.each(asking)(name, (row) => play(stage(), row, variant, confirm));
    }
  });
}

/**
 * Runs rows whose point is to wait: all variants at once, each on a stage of its own.
 *
 * @param open - sets such a stage
 */
export function matrixOfWaits(open: () => Promise<Stage>, rows: readonly MatrixRow[]): void {
  const stages: [CloseCase, Stage][] = [];
  beforeAll(async () => {
    for (const variant of VARIANTS) stages.push([variant, await open()]);
  });
  afterAll(async () => {
    for (const [, stage] of stages.toReversed()) await stage.close();
  });
  it.each(rows)(`$name: ${VARIANTS.map(({ name }) => name).join(', ')}`, async (row) => {
    await Promise.all(
      stages.map(async ([variant, stage]) => {
        try {
          await play(stage, row, variant, 'never');
        } catch (error) {
          if (error instanceof Error) error.message = `${variant.name}: ${error.message}`;
          throw error;
        }
      }),
    );
  });
}

async function play(stage: Stage, row: MatrixRow, variant: CloseCase, confirm: Confirm): Promise<void> {
  await stage.begin();
  const scene = new Scene(stage, variant);
  await row.arrange(scene);
  const { ended, settlements, elapsedMs } = await settlementOf(scene, confirm);

  expect(ended).toMatchObject(each(row[ENDS[confirm]] ?? {}, variant));
  // Exactly one end: a value and its completion, or an error.
  expect(settlements).toEqual(ended instanceof WechatPayError ? ['error'] : ['next', 'complete']);
  expect(elapsedMs).toBeLessThan(stage.timeouts.totalMs + GRACE_MS);
  expect(elapsedMs).toBeGreaterThan((row.atLeastMs ?? 0) - EARLY_MS);
  const tries = each(row.tries ?? 1, variant);
  if (confirm === 'never') {
    expect(ended).toMatchObject({ attempts: tries });
    expect(stage.wire).toEqual({ closes: each(row.heard ?? tries, variant), queries: 0 });
  } else if (confirm === 'onDoubt') {
    expect(stage.wire.queries).toBeGreaterThan(0);
  }
  // A connection whose exchange broke off is gone; one whose exchange is whole may be kept.
  const isWhole = confirm !== 'never' || !('phase' in Object(ended)) || (ended as { phase: string }).phase === 'verify';
  await until(() => stage.openSockets <= (isWhole ? 1 : 0));
  await row.also?.(scene, ended);
  expect(secretsIn(scene.emulator.credentials, stage.requests, everythingOf(ended) + stage.printed)).toEqual([]);
  if (row.isHopeless !== true) await closePlainly(stage, variant);
  // Jest fails a test that leaves a rejection or an exception unhandled; here it gets the time to notice.
  await new Promise(setImmediate);
}

/** What is left of a row does no harm to the next close of the same shop. */
async function closePlainly(stage: Stage, variant: CloseCase): Promise<void> {
  await stage.heal();
  const closed = await ending(new Scene(stage, variant).close('never'));
  // A deadline of a moment may be missed by a machine that is busy, which is no fault of what was left.
  const isHasty = stage.timeouts.attemptMs < TIMEOUTS.attemptMs;
  expect(closed).toMatchObject(isHasty ? { state: 'CLOSED' } : CLOSED);
  if (!isHasty) expect(stage.wire).toEqual({ closes: 1, queries: 0 });
}

interface Settlement {
  readonly ended: unknown;
  readonly settlements: string[];
  readonly elapsedMs: number;
}

async function settlementOf(scene: Scene, confirm: Confirm): Promise<Settlement> {
  const settlements: string[] = [];
  const begun = performance.now();
  const ended = await new Promise<unknown>((resolve) => {
    let closed: ClosedOrder | undefined;
    scene.close(confirm).subscribe({
      next: (value) => {
        settlements.push('next');
        closed = value;
      },
      error: (error: unknown) => {
        settlements.push('error');
        resolve(error);
      },
      complete: () => {
        settlements.push('complete');
        resolve(closed);
      },
    });
  });
  const elapsedMs = performance.now() - begun;
  await new Promise(setImmediate);
  return { ended, settlements, elapsedMs };
}

function each<T>(value: Each<T>, variant: CloseCase): T {
  return typeof value === 'function' ? (value as (variant: CloseCase) => T)(variant) : value;
}
