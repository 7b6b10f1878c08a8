/**
 * Weighs what closing in bulk itself keeps, apart from the client's memory of replies, which fills up to 100,000 of them first: a
 * million orders, whose single closes are stood in for, and the heap every tenth of the way. Exits with 1 where it grows.
 */
import 'reflect-metadata';

import { NestFactory } from '@nestjs/core';
import { WechatPayModule } from 'nestjs-wechatpay';
import { lastValueFrom, map, of, tap, timer } from 'rxjs';

import { BulkCloser } from '../../dist/close-order/bulk/bulk.closer.js';

const ORDERS = 1_000_000;
const MOST_GROWTH = 2 * 2 ** 20;
const { gc } = globalThis;
if (gc === undefined) throw new Error('run it by "npm run bulk:proof": it needs --expose-gc');

const mchid = '1900000109';
const merchants = [{ mchid, apiV2: { key: 'a'.repeat(32) } }];
const app = await NestFactory.createApplicationContext(WechatPayModule.forRoot({ merchants }), { logger: false });

function* orders() {
  for (let index = 0; index < ORDERS; index++) yield { out_trade_no: `FLAT${index}` };
}

const order = { mchid };
/** @type {import('nestjs-wechatpay').ClosedOrder} */
const closed = { state: 'CLOSED', variant: 'direct', order, alreadyClosed: false, confirmedBy: 'reply', attempts: 1 };
const single = { identify: () => of(order), close: () => timer(0).pipe(map(() => closed)) };
/** @type {number[]} */
const heap = [];
let ended = 0;
const options = { variant: 'direct', ratePerSecond: 10_000, concurrency: 1_000 };
await lastValueFrom(
  app
    .get(BulkCloser, { strict: false })
    .closeAll(orders(), /** @type {const} */ (options), single)
    .pipe(
      tap(() => {
        if (++ended % (ORDERS / 10) !== 0) return;
        gc();
        heap.push(process.memoryUsage().heapUsed);
      }),
    ),
);
await app.close();
const growth = (heap.at(-1) ?? 0) - (heap.at(0) ?? 0);
process.stdout.write(
  `heap in MiB every ${ORDERS / 10} orders: ${heap.map((bytes) => (bytes / 2 ** 20).toFixed(1)).join(' ')}\n`,
);
process.exitCode = ended === ORDERS && growth < MOST_GROWTH ? 0 : 1;
