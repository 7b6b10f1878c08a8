import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import fc from 'fast-check';
import {
  CloseOrderService,
  type Confirm,
  OrderPaidError,
  RsaSha256Verifier,
  type SignatureEvidence,
  Verifier,
  WECHAT_PAY_SCHEDULER,
  WECHATPAY2_SHA256_RSA2048,
  WechatPayError,
  WechatPayModule,
} from 'nestjs-wechatpay';
import { type EmulatorReply, WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import { type Subscription, VirtualTimeScheduler } from 'rxjs';

import { keys } from '../support/test-shop.js';
import { until } from '../support/until.js';
import { PATIENCE_MS, runs } from './runs.js';

const TIMEOUTS = { connectMs: 300, attemptMs: 600, totalMs: 1_500 };
const NUMBERS = ['INTERLEAVE1', 'INTERLEAVE2'] as const;
let emulator: WechatPayEmulator;
beforeAll(async () => {
  emulator = await WechatPayEmulator.start({ keys });
});
afterAll(() => emulator.stop());

/** What a reply that is let go has become. */
const kind = fc.constantFrom('right', 'right', 'right', 'unsigned', 'trouble', 'lost');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('reply'), kind }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('time'), ms: fc.constantFrom(1, 100, 300, 600, 900, 1_500) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave'), caller: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('shutdown') }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
/** A step, and for how many turns of the event loop nothing follows it. */
const steps = fc.array(fc.tuple(step, fc.oneof(fc.nat(3), fc.nat(40))), { minLength: 1, maxLength: 10 });

const course = fc.record({
  confirm: fc.constantFrom<Confirm>('never', 'onDoubt', 'always'),
  attempts: fc.integer({ min: 1, max: 3 }),
  baseMs: fc.constantFrom(0, 100),
  isPaid: fc.boolean(),
  /** Whether verdicts take a turn of the event loop. */
  isSlow: fc.boolean(),
  /** Turns before the first step, so that it meets the calls at any stage. */
  lead: fc.nat(40),
});

/** One subscriber and all that it was told. */
interface Caller {
  readonly number: string;
  readonly told: string[];
  readonly subscription: Subscription;
  end?: unknown;
  /** How often it had been told something when it left. */
  left?: number;
  /** A verified answer that decides was there before it was told anything. */
  inHand?: boolean;
  endedAt?: number;
}

/** Replies that wait to be let go, in the order in which they were written. */
class HeldReplies {
  readonly #held: ((kind: string) => void)[] = [];
  #isOpen = false;

  /** Waits for its turn. */
  hold(): Promise<string> {
    if (this.#isOpen) return Promise.resolve('right');
    return new Promise((resolve) => this.#held.push(resolve));
  }

  letGo(what: string): void {
    this.#held.shift()?.(what);
  }

  /** Lets everything go, now and later. */
  open(): void {
    this.#isOpen = true;
    while (this.#held.length > 0) this.letGo('right');
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

async function turns(count: number): Promise<void> {
  for (let done = 0; done < count; done++) await turn();
}

/** Lets virtual time pass: whatever is due by then happens. */
function pass(time: VirtualTimeScheduler, ms: number): void {
  time.maxFrames = time.frame + ms;
  time.flush();
  time.frame = time.maxFrames;
}

function become(reply: EmulatorReply, what: string): EmulatorReply | 'drop' {
  if (what === 'lost') return 'drop';
  if (what === 'trouble') return { ...reply, status: 502, headers: [], body: Buffer.from('<html></html>') };
  const isSignature = ([name]: readonly [string, string]) => /^wechatpay-/i.test(name);
  return what === 'unsigned' ? { ...reply, headers: reply.headers.filter((header) => !isSignature(header)) } : reply;
}

it(
  'whatever comes first, every call ends exactly once, in time, and with the verified answer that it has',
  async () => {
    let inHandCount = 0;
    await fc.assert(
      fc.asyncProperty(course, steps, async ({ confirm, attempts, baseMs, isPaid, isSlow, lead }, plan) => {
        emulator.reset();
        for (const out_trade_no of NUMBERS) emulator.place({ out_trade_no });
        if (isPaid) NUMBERS.forEach((number) => emulator.pay(number));
        const held = new HeldReplies();
        /** Replies that decide, by the second line of what is signed. */
        const decisive = new Map<string, string>();
        emulator.afterSigning(async (reply, { request, order }) => {
          const number = order?.out_trade_no ?? '';
          const decides = request.method === 'GET' || confirm !== 'always';
          const nonce = reply.headers.find(([name]) => name === 'Wechatpay-Nonce')?.[1] ?? '';
          if (decides) decisive.set(nonce, number);
          return become(reply, await held.hold());
        });

        const callers: Caller[] = [];
        const real = new RsaSha256Verifier();
        const time = new VirtualTimeScheduler();
        @Injectable()
        class WatchedVerifier extends Verifier {
          readonly scheme = WECHATPAY2_SHA256_RSA2048;

          matches(evidence: SignatureEvidence): boolean | Promise<boolean> {
            const isRight = real.matches(evidence);
            const since = time.frame;
            const nonce = Buffer.from(evidence.message).toString().split('\n')[1] ?? '';
            const note = () => {
              // A verdict that takes longer than an attempt may last comes too late.
              if (time.frame - since >= TIMEOUTS.attemptMs) return isRight;
              for (const caller of callers) {
                const isWaiting = caller.told.length === 0 && caller.left === undefined;
                if (isRight && isWaiting && decisive.get(nonce) === caller.number) caller.inHand = true;
              }
              return isRight;
            };
            return isSlow ? turn().then(note) : note();
          }
        }
        const retry = { attempts, baseMs, maxMs: 200 };
        const options = { ...emulator.options(), timeouts: TIMEOUTS, retry, confirm, verifiers: [WatchedVerifier] };
        const module = await Test.createTestingModule({ imports: [WechatPayModule.forRoot(options)] })
          .overrideProvider(WECHAT_PAY_SCHEDULER)
          .useValue(time)
          .compile();
        const app = await module.init();
        const service = app.get(CloseOrderService);
        // Two callers share one course; a third has its own.
        for (const number of [NUMBERS[0], NUMBERS[0], NUMBERS[1]]) {
          const told: string[] = [];
          const hear = (what: string, end?: unknown) => {
            told.push(what);
            const caller = callers.find((other) => other.told === told);
            if (caller !== undefined && what !== 'complete') Object.assign(caller, { end, endedAt: time.frame });
          };
          const subscription = service.direct({ out_trade_no: number }).subscribe({
            next: (closed) => hear('next', closed),
            error: (error: unknown) => hear('error', error),
            complete: () => hear('complete'),
          });
          callers.push({ number, told, subscription });
        }

        let closing: Promise<void> | undefined;
        const act = (next: Step): void => {
          if (next.do === 'reply') held.letGo(next.kind);
          else if (next.do === 'time') pass(time, next.ms);
          else if (next.do === 'shutdown') closing ??= app.close();
          else {
            const caller = callers[next.caller];
            if (caller === undefined || caller.left !== undefined) return;
            caller.left = caller.told.length;
            caller.subscription.unsubscribe();
          }
        };
        await turns(lead);
        for (const [next, rest] of plan) {
          act(next);
          await turns(rest);
        }

        // Whatever is still open ends when time runs out; nothing that comes later is told.
        const isOver = () => callers.every(({ told, left }) => told.length > 0 || left !== undefined);
        for (let rounds = 0; rounds < 50 && !isOver(); rounds++) {
          pass(time, 100);
          await turns(3);
        }
        expect(isOver()).toBe(true);
        held.open();
        closing ??= app.close();
        let isClosed = false;
        void closing.then(() => (isClosed = true));
        await until(() => {
          pass(time, 10_000);
          return isClosed;
        });
        await turns(5);

        for (const { told, end, left, inHand, endedAt } of callers) {
          if (left === undefined) expect(['next,complete', 'error']).toContain(told.join());
          else expect(told).toHaveLength(left);
          if (end === undefined) continue;
          if (told[0] === 'next') expect(end).toMatchObject({ state: 'CLOSED' });
          else expect(end).toBeInstanceOf(WechatPayError);
          expect(endedAt).toBeLessThanOrEqual(TIMEOUTS.totalMs);
          if (inHand !== true) continue;
          inHandCount++;
          if (isPaid) expect(end).toBeInstanceOf(OrderPaidError);
          else expect(end).toMatchObject({ state: 'CLOSED' });
        }
      }),
      runs(200),
    );
    expect(inHandCount).toBeGreaterThan(30);
  },
  PATIENCE_MS,
);
