/**
 * What merchants weigh: finds 1,000 of them through a source, then many more than may be kept, and looks at the memory
 * after each step. Exits with 1 where one weighs too much, or more are kept than may be.
 *
 * npm run soak:merchants -- --merchants 1000
 */
import 'reflect-metadata';

import { generateKeyPairSync } from 'node:crypto';
import { parseArgs } from 'node:util';

import { NestFactory } from '@nestjs/core';
import { Merchants, MerchantSource, WechatPayModule } from 'nestjs-wechatpay';
import { firstValueFrom } from 'rxjs';

import { MerchantDirectory } from '../../dist/merchants/merchant.directory.js';
import { printTable } from './figures.mjs';

const { values } = parseArgs({ options: { merchants: { type: 'string', default: '1000' } } });
const count = Number(values.merchants);
if (!Number.isSafeInteger(count) || count < 100) throw new TypeError('--merchants takes a whole number from 100 on');
if (globalThis.gc === undefined) throw new Error('run it by "npm run soak:merchants": it needs --expose-gc');

/** What a merchant may weigh on the heap of JavaScript, and in the whole process with OpenSSL's copies of its keys. */
const MOST_HEAP_BYTES = 8 * 1_024;
const MOST_BYTES = 64 * 1_024;
/**
 * The same after the turnover, where the process also holds what its allocators have not given back: that stops growing
 * after some 20,000 merchants, at about 140 KiB for each of 1,000, while keys that leak would weigh 300 KiB and more.
 */
const MOST_BYTES_AFTER = 256 * 1_024;
const ROUNDS = 30;
const DIFFERENT_KEYS = 16;

/** Every merchant parses keys of its own; that their numbers are the same saves no memory, but much time here. */
const pems = Array.from({ length: DIFFERENT_KEYS }, () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
});

class Table extends MerchantSource {
  asked = 0;

  /** @param {string} mchid */
  async find(mchid) {
    const index = this.asked++;
    const own = pems[index % DIFFERENT_KEYS];
    const platform = pems[(index + 1) % DIFFERENT_KEYS];
    if (own === undefined || platform === undefined) throw new Error('there are keys');
    return {
      mchid,
      appid: 'wx8888888888888888',
      apiV2: { key: mchid.padStart(32, '0') },
      apiV3: {
        serialNo: index.toString(16).padStart(40, '0'),
        privateKey: own.privateKey,
        publicKeys: { [`PUB_KEY_ID_${mchid.padStart(34, '0')}`]: platform.publicKey },
        apiV3Key: mchid.padStart(32, '1'),
      },
    };
  }
}

const app = await NestFactory.createApplicationContext(
  WechatPayModule.forRoot({ merchantSource: Table, merchantCache: { max: count } }),
  { logger: false },
);
const directory = app.get(MerchantDirectory, { strict: false });
const merchants = app.get(Merchants);

let next = 1_900_000_000;
const find = async (/** @type {number} */ many) => {
  for (let index = 0; index < many; index++) await firstValueFrom(directory.ask(String(next++)));
};

// What is made once, whatever the number of merchants.
await find(50);
merchants.invalidateAll();
const empty = await memory();
await find(count);
const full = await memory();
const { found } = directory.sizes;
await find(count * ROUNDS);
const turned = await memory();
const { found: kept } = directory.sizes;
merchants.invalidateAll();
const invalidated = await memory();
await app.close();

const perMerchant = (/** @type {number} */ after, /** @type {number} */ before) =>
  `${((after - before) / count / 1_024).toFixed(2)} KiB`;
const row = (/** @type {{ heap: number, resident: number }} */ { heap, resident }) =>
  `${(heap / 2 ** 20).toFixed(2)} / ${(resident / 2 ** 20).toFixed(1)} MiB`;
printTable(`== ${count} merchants with APIv2 and APIv3 keys, found by a source`, [
  ['heap / resident, none kept', row(empty)],
  [`heap / resident, ${found} kept`, row(full)],
  [`heap / resident, ${kept} kept, ${count * ROUNDS} more found`, row(turned)],
  ['heap / resident, all invalidated', row(invalidated)],
  ['a merchant on the heap', perMerchant(full.heap, empty.heap)],
  ['a merchant in the whole process', perMerchant(full.resident, empty.resident)],
  ['a merchant in the whole process, after the turnover', perMerchant(turned.resident, empty.resident)],
]);

/** @type {string[]} */
const breaches = [];
if (found !== count || kept !== count) breaches.push(`${found}, then ${kept} were kept, and ${count} may be`);
if ((full.heap - empty.heap) / count > MOST_HEAP_BYTES) breaches.push('a merchant is too heavy on the heap');
if ((turned.heap - empty.heap) / count > MOST_HEAP_BYTES)
  breaches.push('merchants that were driven out stay on the heap');
if ((full.resident - empty.resident) / count > MOST_BYTES) breaches.push('a merchant is too heavy in the process');
if ((turned.resident - empty.resident) / count > MOST_BYTES_AFTER)
  breaches.push('merchants that were driven out stay in the process');
if (invalidated.heap - empty.heap > count * 1_024) breaches.push('merchants that were invalidated stay on the heap');
printTable(
  `== bounds that broke: ${breaches.length}`,
  [...breaches.entries()].map(([index, text]) => [`${index + 1}.`, text]),
);
process.exitCode = breaches.length === 0 ? 0 : 1;

async function memory() {
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    globalThis.gc?.();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}
