import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ClosedOrder, type Confirm, WechatPayError } from 'nestjs-wechatpay';
import type { EmulatorAnswer, EmulatorOrder, EmulatorReply, Fault, V3Answer } from 'nestjs-wechatpay/emulator';

import { RetryBudget } from '../../../lib/close-order/retry-budget.js';
import { everythingOf, Overhearing, secretsIn } from '../../support/canary.js';
import { CLOSE_CASES, type CloseCase } from '../../support/close-cases.js';
import { Gateway, type GatewayScript, type HeardRequest } from '../../support/gateway.js';
import { ServerSockets } from '../../support/server-sockets.js';
import { ending, openShop, type TestShop } from '../../support/test-shop.js';
import { until } from '../../support/until.js';

/** The variants that the matrix is about: one of each way to say who asks. */
export const VARIANTS = CLOSE_CASES.filter(({ name }) => ['v2', 'direct', 'partner', 'combine'].includes(name));

/** How late a call may end after its deadline. */
const GRACE_MS = 250;
/** Timers of Node may fire this much early. */
const EARLY_MS = 5;

/** What a stage is set up with. */
export interface StageOptions {
  /** The shop's options besides the emulator's. */
  readonly options?: Parameters<typeof openShop>[0];
  /** Whether a gateway, whose bytes can be scripted, stands between the shop and the emulator. */
  readonly gateway?: boolean;
  /** TLS of the gateway. */
  readonly tls?: Parameters<typeof Gateway.start>[1];
  /** What the emulator does besides the usual. */
  readonly emulated?: Parameters<typeof openShop>[1];
  /** The merchant that signs, where there are several. */
  readonly merchant?: string;
  /** What stands in for providers. */
  readonly providers?: Parameters<typeof openShop>[2];
}

/** A deadline that no row should meet but those about time. */
const TIMEOUTS = { connectMs: 1_000, attemptMs: 2_000, totalMs: 5_000 };

/** A shop, a WeChat Pay, perhaps a gateway between them, and what is watched. */
export class Stage {
  #numbers = 0;
  readonly #sockets = new ServerSockets();
  readonly #overhearing = new Overhearing();

  private constructor(
    readonly shop: TestShop,
    readonly gateway: Gateway | undefined,
    readonly timeouts: typeof TIMEOUTS,
    readonly merchant: string | undefined,
  ) {}

  /** Sets a stage. */
  static async open({ options, gateway, tls, emulated, merchant, providers }: StageOptions = {}): Promise<Stage> {
    let target = '';
    const door = gateway === true || tls !== undefined ? await Gateway.start(() => target, tls) : undefined;
    const timeouts = { ...TIMEOUTS, ...options?.timeouts };
    const shop = await openShop(
      {
        retry: { attempts: 3, baseMs: 1, maxMs: 2 },
        ...(door && { hosts: { mainland: door.url } }),
        ...options,
        timeouts,
      },
      emulated,
      providers,
    );
    target = shop.emulator.url;
    return new Stage(shop, door, timeouts, merchant);
  }

  /** Takes it down; nothing may be left of its connections. */
  async close(): Promise<void> {
    const port = this.#port;
    await this.shop.app.close();
    await until(() => this.#sockets.at(port).length === 0);
    await this.gateway?.leave();
    await this.shop.emulator.stop();
    this.#sockets.stop();
    this.#overhearing.stop();
  }

  get #port(): number {
    return Number(new URL(this.gateway?.url ?? this.shop.emulator.url).port);
  }

  /** The shop's connections as the other side sees them. */
  get openSockets(): number {
    return this.#sockets.at(this.#port).length;
  }

  /** Everything that was logged or printed. */
  get printed(): string {
    return this.#overhearing.heard.join('\n');
  }

  /** An order number that was not used yet. */
  newNumber(): string {
    return `MATRIX${String(++this.#numbers).padStart(6, '0')}`;
  }

  /** What came over the wire. */
  get requests(): readonly HeardRequest[] {
    return (this.gateway ?? this.shop.emulator).requests;
  }

  /** How many closes and queries came over the wire. */
  get wire(): { closes: number; queries: number } {
    const urls = this.requests.map(({ url }) => url);
    const closes = urls.filter((url) => /close/.test(url)).length;
    return { closes, queries: urls.length - closes };
  }

  /** Takes all faults away, and forgets what was spent and heard. */
  async heal(): Promise<void> {
    this.shop.emulator.reset();
    this.shop.clock.stoppedAt = undefined;
    await this.gateway?.reset();
    const budget = this.shop.app.get(RetryBudget, { strict: false });
    for (let count = 0; count < 100; count++) budget.earn('mainland');
  }

  /** As {@link heal}; no connection is left over from before, so that every row begins with a fresh one. */
  async begin(): Promise<void> {
    await this.#sockets.endAll(this.#port);
    await this.heal();
  }
}

/** One call of a row, before it is made. */
export class Scene {
  readonly number: string;
  readonly order: EmulatorOrder;

  constructor(
    readonly stage: Stage,
    readonly variant: CloseCase,
  ) {
    this.number = stage.newNumber();
    this.order = variant.place(this.emulator, this.number);
  }

  get emulator(): TestShop['emulator'] {
    return this.stage.shop.emulator;
  }

  /** The path of the close; queries have another. */
  get path(): string {
    return this.variant.path(this.number, this.emulator);
  }

  /** Has the emulator misbehave at closes. */
  fault(fault: Fault): void {
    this.emulator.faults.add({ ...fault, when: { path: this.path, ...fault.when } });
  }

  /** Changes the replies to closes. */
  spoil(change: (reply: EmulatorReply, sign: (reply: EmulatorReply) => EmulatorReply) => EmulatorReply): void {
    this.emulator.afterSigning((reply, { request, sign }) =>
      request.url === this.path ? change(reply, sign) : undefined,
    );
  }

  /** Has closes answered by another answer, rightly signed. */
  answer(v3: V3Answer, v2?: Readonly<Record<string, string>>): void {
    this.emulator.beforeSigning((answer, { request }): EmulatorAnswer | undefined => {
      if (request.url !== this.path) return undefined;
      return 'fields' in answer ? { fields: { ...answer.fields, ...v2 } } : v3;
    });
  }

  /** Has closes fail with a code, rightly signed: in APIv3 with that status, in APIv2 with 200. */
  failure(status: number, code: string): void {
    this.answer({ status, body: { code, message: 'x' } }, { result_code: 'FAIL', err_code: code, err_code_des: 'x' });
  }

  /** Says what bytes are written for closes. */
  script(script: GatewayScript): void {
    if (this.stage.gateway === undefined) throw new Error('this stage has no gateway');
    this.stage.gateway.script = script;
  }

  /** Makes the call. */
  close(confirm: Confirm) {
    const { shop, merchant } = this.stage;
    const options = { confirm, ...(merchant !== undefined && { merchant }) };
    return this.variant.close(shop.service, this.number, this.emulator, options);
  }
}

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
  let stages: [CloseCase, Stage][] = [];
  beforeAll(async () => {
    stages = await Promise.all(VARIANTS.map(async (variant): Promise<[CloseCase, Stage]> => [variant, await open()]));
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
  expect(closed).toMatchObject(CLOSED);
  // A deadline of a moment may be missed by a machine that is busy, which is no fault of what was left.
  if (stage.timeouts.attemptMs >= TIMEOUTS.attemptMs) expect(stage.wire).toEqual({ closes: 1, queries: 0 });
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
