import { inspect } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import {
  type FoundMerchant,
  HmacSha256Signer,
  HmacSha256Verifier,
  Md5Signer,
  Md5Verifier,
  type MerchantOptions,
  MerchantSource,
  RsaSha256Signer,
  RsaSha256Verifier,
} from 'nestjs-wechatpay';
import { EMPTY, firstValueFrom, NEVER, Observable, of, retry, Subject, throwError, VirtualTimeScheduler } from 'rxjs';

import type { Merchant } from '../../../lib/merchants/merchant.js';
import { MerchantCacheSettings } from '../../../lib/merchants/merchant-cache-settings.js';
import { MerchantDirectory } from '../../../lib/merchants/merchant.directory.js';
import { MerchantRegistry } from '../../../lib/merchants/merchant.registry.js';
import { SignerRegistry } from '../../../lib/signers/signer.registry.js';
import { VerifierRegistry } from '../../../lib/verifiers/verifier.registry.js';
import { rsaPair } from '../../support/keys.js';

type Find = MerchantSource['find'];

const own = rsaPair();
const platform = rsaPair();
const KEY = '0123456789abcdef0123456789ABCDEF';
const withV2 = (mchid: string, key = KEY): MerchantOptions => ({ mchid, apiV2: { key } });

class TestSource extends MerchantSource {
  readonly asked: string[] = [];

  constructor(private readonly answer: Find) {
    super();
  }

  find(mchid: string) {
    this.asked.push(mchid);
    return this.answer(mchid);
  }
}

function directoryOf(find: Find, options: ConstructorParameters<typeof MerchantCacheSettings>[0] = {}) {
  const source = new TestSource(find);
  const clock = { time: 0, now: () => clock.time };
  const scheduler = new VirtualTimeScheduler();
  const directory = new MerchantDirectory(
    new MerchantRegistry([{ mchid: '100' }]),
    source,
    new MerchantCacheSettings(options),
    new SignerRegistry([new Md5Signer(), new HmacSha256Signer(), new RsaSha256Signer()]),
    new VerifierRegistry([new Md5Verifier(), new HmacSha256Verifier(), new RsaSha256Verifier()]),
    clock,
    scheduler,
  );
  const ask = (mchid: string) => firstValueFrom(directory.ask(mchid));
  const fault = (mchid: string): Promise<unknown> => ask(mchid).catch((error: unknown) => error);
  return { directory, source, clock, scheduler, ask, fault };
}

describe('MerchantDirectory', () => {
  it('finds a listed merchant at once, and asks nobody', () => {
    const { directory, source } = directoryOf(withV2);
    expect(directory.find('100')).toEqual({ mchid: '100' });
    expect(source.asked).toEqual([]);
  });

  it('asks nobody before it is subscribed to', async () => {
    const { directory, source } = directoryOf(withV2);
    const asking = directory.ask('200');
    expect(source.asked).toEqual([]);
    await firstValueFrom(asking);
    expect(source.asked).toEqual(['200']);
  });

  it.each<[string, Find]>([
    ['a value', withV2],
    ['a Promise', (mchid) => Promise.resolve(withV2(mchid))],
    ['an Observable', (mchid) => of(withV2(mchid))],
    ['an Observable that goes on', (mchid) => new Observable((observer) => observer.next(withV2(mchid)))],
    ['an Observable of several', (mchid) => of(withV2(mchid), withV2('300'))],
  ])('takes %s, and finds the merchant at once from then on', async (_, find) => {
    const { directory, ask, source } = directoryOf(find);
    expect(directory.find('200')).toBeUndefined();
    const merchant = await ask('200');
    expect(merchant).toMatchObject({ mchid: '200', apiV2: { signType: 'HMAC-SHA256' } });
    expect(directory.find('200')).toBe(merchant);
    expect(source.asked).toEqual(['200']);
  });

  it.each<[string, Find]>([
    ['undefined', () => undefined],
    ['null', () => Promise.resolve(null)],
    ['an Observable without a value', () => EMPTY],
  ])('takes %s for a number that the source does not know, and remembers it for 10 s', async (_, find) => {
    const { ask, clock, source } = directoryOf(find);
    expect(await ask('200')).toBeUndefined();
    clock.time = 9_999;
    expect(await ask('200')).toBeUndefined();
    expect(source.asked).toHaveLength(1);
    clock.time = 10_000;
    await ask('200');
    expect(source.asked).toHaveLength(2);
  });

  it('asks once for all who need the same merchant at the same time, and once for each other one', async () => {
    const { ask, source } = directoryOf(async (mchid) => {
      await new Promise(setImmediate);
      return withV2(mchid);
    });
    const found = await Promise.all(Array.from({ length: 60 }, (_, index) => ask(String(200 + (index % 3)))));
    expect(source.asked).toEqual(['200', '201', '202']);
    expect(new Set(found).size).toBe(3);
    expect(found.map((merchant) => merchant?.mchid)).toEqual(found.map((_, index) => String(200 + (index % 3))));
  });

  it('keeps a merchant for 10 minutes', async () => {
    const { directory, ask, clock } = directoryOf(withV2);
    await ask('200');
    clock.time = 599_999;
    expect(directory.find('200')).toBeDefined();
    clock.time = 600_000;
    expect(directory.find('200')).toBeUndefined();
  });

  it('keeps no more than it may, and unknown numbers drive out no merchant', async () => {
    const { directory, ask } = directoryOf((mchid) => (mchid.startsWith('9') ? undefined : withV2(mchid)), {
      merchantCache: { max: 2 },
    });
    for (const mchid of ['200', '201', '202', '900', '901', '902', '903']) await ask(mchid);
    expect(['200', '201', '202'].filter((mchid) => directory.find(mchid))).toEqual(['201', '202']);
    expect(directory.sizes).toEqual({ found: 2, unknown: 2, asked: 0 });
  });

  it.each<[string, (directory: MerchantDirectory) => void]>([
    ['one', (directory) => directory.forget('200')],
    ['all', (directory) => directory.forgetAll()],
  ])('forgets %s on demand, found or unknown', async (_, forget) => {
    let answer: FoundMerchant;
    const { directory, ask } = directoryOf(() => answer);
    expect(await ask('200')).toBeUndefined();
    answer = withV2('200');
    forget(directory);
    expect(await ask('200')).toBeDefined();
    answer = undefined;
    forget(directory);
    expect(directory.find('200')).toBeUndefined();
    expect(await ask('200')).toBeUndefined();
  });

  it('does not keep an answer that was under way when it was told to forget, and asks again', async () => {
    const answers = [new Subject<FoundMerchant>(), new Subject<FoundMerchant>()] as const;
    let count = 0;
    const { directory, ask } = directoryOf(() => answers[count++]!);
    const before = ask('200');
    directory.forget('200');
    const after = ask('200');
    answers[0].next(withV2('200', 'old-old-old-old-old-old-old-old-'));
    const old = await before;
    expect(directory.find('200')).toBeUndefined();
    answers[1].next(withV2('200'));
    const fresh = await after;
    expect(directory.find('200')).toBe(fresh);
    expect([old, fresh].map((merchant) => merchant?.apiV2?.key.export().toString())).toEqual([
      'old-old-old-old-old-old-old-old-',
      KEY,
    ]);
  });

  it('unsubscribes from the source when the last one who waits has gone, and not before', () => {
    let isOpen = false;
    const { directory } = directoryOf(
      () =>
        new Observable(() => {
          isOpen = true;
          return () => (isOpen = false);
        }),
    );
    const [first, second] = [directory.ask('200').subscribe(), directory.ask('200').subscribe()];
    first.unsubscribe();
    expect(isOpen).toBe(true);
    second.unsubscribe();
    expect(isOpen).toBe(false);
    expect(directory.sizes.asked).toBe(0);
  });

  it('asks again at once where somebody retries at once, and keeps what then comes', async () => {
    let count = 0;
    const { directory, source } = directoryOf((mchid) =>
      ++count === 1 ? Promise.reject(new Error('x')) : Promise.resolve(withV2(mchid)),
    );
    const found = await firstValueFrom(directory.ask('200').pipe(retry(1)));
    expect(directory.find('200')).toBe(found);
    expect(source.asked).toHaveLength(2);
  });
});

describe('a merchant source that is at fault', () => {
  class DatabaseError extends Error {
    override readonly name = 'DatabaseError';
  }
  const canary = 'canary-canary-canary';

  it.each<[string, Find, string]>([
    [
      'throws',
      () => {
        throw new DatabaseError(canary);
      },
      'failed with DatabaseError',
    ],
    ['rejects', () => Promise.reject(new DatabaseError(canary)), 'failed with DatabaseError'],
    ['errors', () => throwError(() => new DatabaseError(canary)), 'failed with DatabaseError'],
    ['throws text', () => throwError(() => canary), 'failed with string'],
    [
      'throws an error with an odd name',
      () => throwError(() => Object.assign(new Error('x'), { name: `${canary} ${canary}` })),
      'failed with object',
    ],
    [
      'gives a getter that throws',
      (mchid) => ({
        mchid,
        get apiV2(): { key: string } {
          throw new DatabaseError(canary);
        },
      }),
      'failed with DatabaseError',
    ],
    ['gives another merchant', () => withV2('201', canary.padEnd(32, '0')), "gave another merchant's options"],
    [
      'gives a short key',
      (mchid) => withV2(mchid, canary),
      'gave options that do not hold: merchant.apiV2.key is 20 bytes long; it must be exactly 32 letters and digits',
    ],
    ['gives no options', () => canary as unknown as MerchantOptions, 'merchant is a value of type string'],
    ['gives no keys', (mchid) => ({ mchid }), 'merchant has neither apiV2 nor apiV3'],
    [
      'gives a number for a number',
      () => ({ ...withV2('200'), mchid: 200 }) as unknown as MerchantOptions,
      'merchant.mchid is a value of type number; give the 1 to 32 digits',
    ],
    [
      'gives a column too many',
      (mchid) => ({ ...withV2(mchid), [canary.padEnd(32, '0')]: canary }),
      'merchant.(a name of 32 characters) is no option',
    ],
    [
      'gives its public key for its private one',
      (mchid) => ({
        mchid,
        apiV3: {
          serialNo: 'ABCDEF01',
          privateKey: own.publicPem,
          publicKeys: { PUB_KEY_ID_1: platform.publicPem },
        },
      }),
      'merchant.apiV3.privateKey is a public key; give the text of apiclient_key.pem',
    ],
  ])('%s: tells what is wrong and no secret, and keeps nothing', async (_, find, words) => {
    const { directory, fault, source } = directoryOf(find);
    const error = await fault('200');
    expect(error).toMatchObject({ name: 'AttemptFault', phase: 'notSent', reason: 'merchant' });
    expect(String(error)).toContain(words);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(canary);
    expect(directory.sizes).toEqual({ found: 0, unknown: 0, asked: 0 });
    await fault('200');
    expect(source.asked).toHaveLength(2);
  });

  it.each<[string, Find]>([
    ['a Promise', () => new Promise<never>(() => {})],
    ['an Observable', () => NEVER],
  ])('hangs in %s: ends those who wait after the limit, counted from the first, and asks afresh', (_, find) => {
    const { directory, source, scheduler } = directoryOf(find, { timeouts: { attemptMs: 50 } });
    const faults: [number, string][] = [];
    const ask = () =>
      directory.ask('200').subscribe({ error: (error: Error) => faults.push([scheduler.now(), error.message]) });
    ask();
    scheduler.schedule(ask, 40);
    scheduler.schedule(ask, 60);
    scheduler.flush();
    const words = 'The merchant source gave no answer within 50 ms.';
    expect(faults).toEqual([
      [50, words],
      [50, words],
      [110, words],
    ]);
    expect(source.asked).toHaveLength(2);
    expect(directory.sizes.asked).toBe(0);
  });

  it('reads keys as it reads those of listed merchants', async () => {
    const { ask } = directoryOf((mchid) => ({
      mchid,
      apiV3: { serialNo: 'abcdef01', privateKey: own.privatePem, publicKeys: { PUB_KEY_ID_1: platform.publicPem } },
    }));
    const merchant: Merchant | undefined = await ask('200');
    expect(merchant?.apiV3?.serialNo).toBe('ABCDEF01');
    expect(merchant?.apiV3?.privateKey?.equals(own.privateKey)).toBe(true);
  });
});
