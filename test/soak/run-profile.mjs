import { setImmediate as turn } from 'node:timers/promises';

import { OrderPaidError, OutcomeUnknownError, PaymentInProgressError } from 'nestjs-wechatpay';

import { chance } from './chance.mjs';
import { pickFault } from './faults.mjs';
import { percentile, slope, Tally } from './figures.mjs';
import { fateOf, VARIANTS } from './orders.mjs';

/**
 * @import { CloseOrderService } from 'nestjs-wechatpay'
 * @import { EmulatorOrder, EmulatorReply, WechatPayEmulator } from 'nestjs-wechatpay/emulator'
 * @import { Fate } from './orders.mjs'
 *
 * @typedef {object} Profile
 * @property {string} name
 * @property {number} closes
 * @property {number} faults Share of the replies that meet a fault; with 1, every reply is dropped.
 *
 * @typedef {object} Shop
 * @property {CloseOrderService} service
 * @property {WechatPayEmulator} emulator
 * @property {number} seed
 * @property {number} concurrency
 * @property {(breach: string) => void} report Takes note of an invariant that broke.
 *
 * @typedef {{ fate: Fate; replies: number; last?: EmulatorReply }} Course
 */

const CHECKPOINTS = 8;
const LAST_CHECKPOINTS = 6;
/** The emulator's log of requests must hold a whole batch, and its look-ups are linear. */
const MOST_IN_BATCH = 1_000;
const isClose = (/** @type {string} */ url) => url.includes('close');

/**
 * Closes orders, and holds every ending against the state that the emulator has.
 *
 * @param {Profile} profile
 * @param {Shop} shop
 */
export async function runProfile({ name, closes, faults }, { service, emulator, seed, concurrency, report }) {
  const endings = new Tally();
  const met = new Tally();
  const fates = new Tally();
  const latencies = new Float64Array(closes);
  /** @type {{ x: number; y: number }[]} */
  const heap = [];
  /** @type {Map<EmulatorOrder, Course>} */
  const courses = new Map();
  /** @type {Map<string, EmulatorReply>} Replies that were believed, by the shape of the call. */
  const recorded = new Map();
  const isMixed = faults > 0 && faults < 1;
  let [started, settled, requests, busyMs] = [0, 0, 0, 0];

  const meetFaults = () =>
    emulator.afterSigning((reply, { request, order, sign }) => {
      const course = order && courses.get(order);
      if (order === undefined || course === undefined) return undefined;
      if (faults === 1) return 'drop';
      course.replies++;
      if (course.fate === 'the buyer types the password, then pays' && order.state === 'USERPAYING') {
        if (course.replies > 1) emulator.pay(order);
      }
      if (course.fate === 'every reply to the close is lost' && isClose(request.url)) {
        met.add('lost after the close');
        return 'drop';
      }
      const key = [seed, order.out_trade_no, course.replies];
      if (chance('is there a fault', ...key) >= faults) {
        if (isClose(request.url)) course.last = reply;
        return undefined;
      }
      const [fault, , spoil] = pickFault(chance('which fault', ...key));
      met.add(fault);
      const isV2 = request.url.startsWith('/pay/');
      return spoil({ reply, sign, isV2, recorded: recorded.get(isV2 ? 'v2' : 'v3') });
    });

  const closeOne = async (/** @type {number} */ index) => {
    const number = `${name.slice(0, 1).toUpperCase()}${String(index).padStart(8, '0')}`;
    const variant = VARIANTS[index % VARIANTS.length] ?? VARIANTS[0];
    const order = variant.place(emulator, number);
    const fate = isMixed ? fateOf(seed, number) : 'nothing';
    /** @type {Course} */
    const course = { fate, replies: 0 };
    courses.set(order, course);
    fates.add(fate);
    prepare(emulator, order, fate, chance('moment', seed, number));
    const breach = (/** @type {string} */ what) =>
      report(`${name}, seed ${seed}, ${variant.name} order ${number} (fate: ${fate}): ${what}`);

    started++;
    const begun = performance.now();
    const ending = await new Promise((resolve) => {
      let values = 0;
      let ends = 0;
      const end = (/** @type {unknown} */ result, /** @type {boolean} */ isError) => {
        ends++;
        if (ends > 1) breach('the call ended more than once');
        if (values !== (isError ? 0 : 1)) breach(`the call emitted ${values} values and ended with ${String(result)}`);
        resolve(result);
      };
      /** @type {unknown} */
      let value;
      variant.close(service, number).subscribe({
        next: (closed) => {
          values++;
          value = closed;
          if (closed.state !== 'CLOSED' || order.state !== 'CLOSED')
            breach(`emitted ${closed.state} by ${closed.confirmedBy}, but the order is ${order.state}`);
          if (closed.confirmedBy === 'reply' && course.last)
            recorded.set(closed.variant === 'v2' ? 'v2' : 'v3', course.last);
        },
        error: (error) => end(error, true),
        complete: () => end(value, false),
      });
    });
    latencies[settled++] = performance.now() - begun;
    endings.add(nameOf(ending));
    const fault = judge(ending, order);
    if (fault !== undefined) breach(fault);
    if (faults === 0 && ending instanceof Error) breach(`no reply met a fault, but it ended with ${String(ending)}`);
    if (faults === 1 && !(ending instanceof OutcomeUnknownError)) breach(`every reply was lost: ${String(ending)}`);
  };

  const closeBatch = async (/** @type {number} */ from, /** @type {number} */ to) => {
    emulator.reset();
    courses.clear();
    if (faults > 0) meetFaults();
    let next = from;
    const work = async () => {
      while (next < to) await closeOne(next++);
    };
    const begun = performance.now();
    await Promise.all(Array.from({ length: concurrency }, work));
    busyMs += performance.now() - begun;
    requests += emulator.requests.at(-1)?.id ?? 0;
    const refused = emulator.requests.find(({ verdict }) => verdict === 'refused');
    if (refused) report(`${name}, seed ${seed}: a request's signature was refused: ${refused.refusal}`);
  };

  for (let checkpoint = 1, from = 0; checkpoint <= CHECKPOINTS; checkpoint++) {
    const until = Math.round((closes * checkpoint) / CHECKPOINTS);
    for (; from < until; from = Math.min(until, from + MOST_IN_BATCH))
      await closeBatch(from, Math.min(until, from + MOST_IN_BATCH));
    emulator.reset();
    courses.clear();
    heap.push({ x: until, y: await heapAfterCollection() });
  }

  if (started !== closes || settled !== started) report(`${name}: ${started} calls began and ${settled} ended`);
  const sorted = latencies.toSorted();
  return {
    endings,
    met,
    fates,
    heap: heap.map(({ y }) => y),
    heapPerClose: slope(heap.slice(-LAST_CHECKPOINTS)),
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
    rate: (closes * 1_000) / busyMs,
    requestsPerCall: requests / closes,
    started,
    settled,
  };
}

/** @type {(emulator: WechatPayEmulator, order: EmulatorOrder, fate: Fate, luck: number) => void} */
function prepare(emulator, order, fate, luck) {
  switch (fate) {
    case 'paid just before the close':
      emulator.pay(order);
      break;
    case 'paid and refunded before':
      emulator.refund(emulator.pay(order));
      break;
    case 'the buyer types the password, then pays':
      emulator.startPaying(order);
      break;
    case 'paid while it is being closed':
      setTimeout(() => {
        if (order.state === 'NOTPAY') emulator.pay(order);
      }, luck * 100);
      break;
    case 'every reply to the close is lost':
    case 'nothing':
      break;
  }
}

/**
 * What is wrong about an ending, given the order's true state.
 *
 * @type {(ending: unknown, order: EmulatorOrder) => string | undefined}
 */
function judge(ending, { state }) {
  if (!(ending instanceof Error)) return state === 'CLOSED' ? undefined : `ended as closed, but is ${state}`;
  if (ending instanceof OrderPaidError)
    return state === 'SUCCESS' || state === 'REFUND' ? undefined : `ended as paid, but is ${state}`;
  const isOpenEnding = ending instanceof OutcomeUnknownError && ending.reason !== 'internal';
  return isOpenEnding || ending instanceof PaymentInProgressError ? undefined : `must not end with ${String(ending)}`;
}

/** @type {(ending: any) => string} */
function nameOf(ending) {
  if (ending instanceof OutcomeUnknownError) return `OutcomeUnknownError ${ending.reason}`;
  return ending instanceof Error ? ending.name : `CLOSED by ${ending?.confirmedBy}`;
}

async function heapAfterCollection() {
  for (let round = 0; round < 3; round++) {
    await turn();
    globalThis.gc?.();
  }
  return process.memoryUsage().heapUsed;
}
