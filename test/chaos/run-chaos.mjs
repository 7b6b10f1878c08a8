import 'reflect-metadata';

import { setTimeout as pause } from 'node:timers/promises';

import { NestFactory } from '@nestjs/core';
import { WechatPayModule } from 'nestjs-wechatpay';
import { AutoCloseModule, AutoCloseService } from 'nestjs-wechatpay/auto-close';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { Workers } from './workers.mjs';

/** 5 % of all requests go wrong: before and after the order changed, and with a page of a gateway. */
const FAULTS = /** @type {const} */ ([
  { kind: 'reset', at: 'beforeProcessing', when: { probability: 0.0125 } },
  { kind: 'reset', at: 'beforeHeaders', when: { probability: 0.0125 } },
  { kind: 'html', status: 502, when: { probability: 0.0125 } },
  { kind: 'stall', at: 'headers', ms: 1_500, when: { probability: 0.0125 } },
]);
const KILL_EVERY_MS = 2_000;
/** Until the last order of a process that was killed has gone on elsewhere. */
const SETTLED_WITHIN_MS = 120_000;

/** Asks again while the store is down. @template T @param {() => Promise<T>} ask @returns {Promise<T>} */
async function persistently(ask) {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 100) throw error;
    }
    await pause(100);
  }
}

/**
 * Closes many orders while workers and the store are killed, and holds the ends against the emulator's books.
 *
 * @param {import('./stores.mjs').ChaosStore} store empty
 * @param {{ orders: number, overMs: number, seed: number }} scale
 */
export async function runChaos(store, { orders, overMs, seed }) {
  /** @type {string[]} */
  const breaches = [];
  const emulator = await WechatPayEmulator.start();
  emulator.faults.seed(seed);
  const options = { ...emulator.options(), timeouts: { attemptMs: 1_000, totalMs: 3_000 } };
  const autoClose = { store: store.options, settleWithinMs: 3_000, retry: { baseMs: 200, maxMs: 2_000 } };
  const open = () =>
    NestFactory.createApplicationContext(
      AutoCloseModule.forRoot({ ...autoClose, worker: false, imports: [WechatPayModule.forRoot(options)] }),
      { logger: false },
    );
  let app = await open();
  const shop = () => app.get(AutoCloseService);
  const workers = new Workers({ options, autoClose });
  await Promise.all([workers.start(), workers.start()]);

  const begun = Date.now();
  const firstDue = begun + 2_000 + orders * 2;
  const numbers = Array.from({ length: orders }, (_, index) => `CHAOS${String(index).padStart(7, '0')}`);
  const dueAt = (/** @type {number} */ index) => firstDue + Math.floor((index / orders) * overMs);
  const queue = [...numbers.entries()];
  const scheduleNext = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, out_trade_no] = next;
      await persistently(() =>
        shop().schedule({ variant: 'direct', request: { out_trade_no }, closeAt: dueAt(index) }),
      );
      emulator.place({ out_trade_no });
    }
  };
  await Promise.all(Array.from({ length: 20 }, scheduleNext));
  for (const fault of FAULTS) emulator.faults.add(fault);

  /** @type {Set<string>} */
  const cancelled = new Set();
  const counts = { paid: 0, lost: 0, failed: 0 };
  const pay = async (/** @type {number} */ index, /** @type {string} */ out_trade_no) => {
    await pause(Math.max(0, dueAt(index) + ((index * 7) % 600) - 300 - Date.now()));
    try {
      emulator.pay(out_trade_no);
    } catch {
      return; // It was closed before.
    }
    counts.paid++;
    let isAskedAgain = false;
    const { found } = await persistently(async () => {
      try {
        return await shop().cancel({ out_trade_no });
      } catch (error) {
        if (!isAskedAgain) counts.failed++;
        isAskedAgain = true;
        throw error;
      }
    });
    // A call that failed may have cancelled the order all the same, when only its answer was lost.
    if (found === 'cancelled' || (found === 'unknown' && isAskedAgain)) cancelled.add(out_trade_no);
    else counts.lost++;
  };
  const payments = Promise.all(
    [...numbers.entries()].flatMap(([index, number]) => (index % 4 ? [] : [pay(index, number)])),
  );

  let isOver = false;
  let hasStruck = false;
  const killing = (async () => {
    const strikeAt = firstDue + overMs / 2;
    let killAt = Date.now();
    while (!isOver || !hasStruck) {
      const isBlow = !hasStruck && strikeAt <= killAt + KILL_EVERY_MS;
      killAt = isBlow ? killAt : Math.max(Date.now(), killAt + KILL_EVERY_MS);
      await pause(Math.max(0, (isBlow ? strikeAt : killAt) - Date.now()));
      if (isOver && !isBlow) continue;
      if (isBlow) {
        hasStruck = true;
        if (store.isReopened) {
          const old = app;
          await workers.replaceAll();
          app = await open();
          await old.close();
        } else await store.strike();
      } else await workers.replaceOne();
    }
  })();
  await payments;
  await pause(Math.max(0, firstDue + overMs - Date.now()));
  isOver = true;
  await killing;

  const until = Date.now() + SETTLED_WITHIN_MS;
  let stats = await persistently(() => shop().stats());
  while (stats.waiting + stats.running > 0 && Date.now() < until) {
    await pause(200);
    stats = await persistently(() => shop().stats());
  }
  const seconds = (Date.now() - begun) / 1_000;

  const states = new Map(emulator.orders.map(({ out_trade_no, state }) => [out_trade_no, state]));
  const ends = { CLOSED: 0, PAID: 0, NOT_FOUND: 0, GIVEN_UP: 0 };
  let unrecorded = 0;
  for (const out_trade_no of numbers) {
    const state = states.get(out_trade_no);
    const settlement = await shop().outcomeOf({ out_trade_no });
    if (settlement === undefined) {
      if (!cancelled.has(out_trade_no)) unrecorded++;
      else if (state !== 'SUCCESS') breaches.push(`${out_trade_no} was cancelled and is ${state}`);
      continue;
    }
    ends[settlement.state]++;
    if (cancelled.has(out_trade_no)) breaches.push(`${out_trade_no} was cancelled and recorded`);
    const isRight =
      (settlement.state === 'CLOSED' && state === 'CLOSED') || (settlement.state === 'PAID' && state === 'SUCCESS');
    if (!isRight) breaches.push(`${out_trade_no} was recorded as ${settlement.state} and is ${state}`);
  }
  const recorded = ends.CLOSED + ends.PAID + ends.NOT_FOUND + ends.GIVEN_UP;
  const twice = [...workers.recorded].filter(([, times]) => times > 1).map(([number]) => number);
  if (unrecorded > 0) breaches.push(`${unrecorded} orders were neither recorded nor cancelled`);
  if (recorded + cancelled.size !== orders) breaches.push(`${recorded} + ${cancelled.size} is not ${orders}`);
  if (twice.length > 0) breaches.push(`recorded twice: ${twice.join(', ')}`);
  if (stats.settled + stats.givenUp !== recorded) breaches.push(`the store counts ${stats.settled} records`);
  if (workers.diedAlone > 0) breaches.push(`${workers.diedAlone} workers ended by themselves: ${workers.complaint}`);

  await workers.stop();
  await app.close();
  await emulator.stop();
  const again = [...workers.handled.values()].filter((times) => times > 1).length;
  return {
    breaches,
    figures: {
      store: store.name,
      scheduled: orders,
      recorded,
      cancelled: cancelled.size,
      closed: ends.CLOSED,
      paid: ends.PAID,
      'cancel lost': counts.lost,
      'cancel failed': counts.failed,
      kills: workers.kills,
      'handled twice': again,
      seconds: Math.round(seconds),
    },
  };
}
