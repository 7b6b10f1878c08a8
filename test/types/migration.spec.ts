import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplication, Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  type ClosedOrder,
  CloseOrderService,
  type QueriedOrder,
  WECHAT_PAY_MODULE_OPTIONS,
  WechatPayError,
} from 'nestjs-wechatpay';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import { lastValueFrom, map, type Observable } from 'rxjs';

import { rsaPair } from '../support/keys.js';
import { ROOT, snippetFile, snippetsOf } from './documents.js';

type Call = Observable<{ readonly state: ClosedOrder['state'] | QueriedOrder['state'] }>;

interface Cancellations {
  readonly cancel: (out_trade_no: string) => Promise<'released' | 'fulfilled'>;
  readonly forSubMerchant?: (out_trade_no: string, sub_mchid: string) => Call;
  readonly others?: (out_trade_no: string, sub_mchid: string) => Call[];
}

/** What the `after` of a guide exports. */
interface Guide {
  readonly AppModule: Type;
  readonly Cancellations: Type<Cancellations>;
  readonly examples?: (closeOrder: CloseOrderService) => Call[];
  readonly queries?: (closeOrder: CloseOrderService, out_trade_no: string, sub_mchid: string) => Call[];
}

const FOLDER = join(ROOT, 'test/types/.migration');
const out_trade_no = 'MIGRATION001';
const sub_mchid = '1230000109';
const home = process.cwd();
let keys: string;

beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  // The modules of the guides read these beside them.
  keys = await mkdtemp(join(tmpdir(), 'nestjs-wechatpay-keys-'));
  await writeFile(join(keys, 'apiclient_key.pem'), rsaPair().privatePem);
  await writeFile(join(keys, 'pub_key.pem'), rsaPair().publicPem);
  process.chdir(keys);
  process.env['WECHATPAY_APIV2_KEY'] = '0123456789abcdef0123456789ABCDEF';
});
afterAll(async () => {
  process.chdir(home);
  delete process.env['WECHATPAY_APIV2_KEY'];
  await rm(keys, { recursive: true });
});

/** Everything that the `ts` blocks of a guide export. */
async function read(guide: string): Promise<Guide> {
  const page = `docs/migration/${guide}.md`;
  const exported: Record<string, unknown> = {};
  for (const [index, code] of (await snippetsOf(page)).entries()) {
    const file = join(FOLDER, snippetFile(page, index));
    await writeFile(file, code);
    Object.assign(exported, (await import(file)) as Record<string, unknown>);
  }
  return exported as unknown as Guide;
}

/** The guides, with what the other calls that they show come to: nobody has placed those orders, and the emulator closes them all the same. */
const GUIDES = [
  ['from-wechatpay-node-v3', ['CLOSED', 'not_found']],
  ['from-wechatpay-axios-plugin', ['CLOSED', 'CLOSED', 'CLOSED']],
  ['from-nest-wechat', ['CLOSED', 'not_found', 'not_found']],
] as const;

describe.each(GUIDES)('%s', (name, others) => {
  let guide: Guide;
  let emulator: WechatPayEmulator;
  let app: INestApplication;

  beforeAll(async () => {
    guide = await read(name);
  });
  beforeEach(async () => {
    emulator = await WechatPayEmulator.start({ unknownOrder: 'closed' });
    const module = await Test.createTestingModule({ imports: [guide.AppModule], providers: [guide.Cancellations] })
      .overrideProvider(WECHAT_PAY_MODULE_OPTIONS)
      .useValue({ ...emulator.options(), retry: { attempts: 1 } })
      .compile();
    app = await module.createNestApplication().init();
  });
  afterEach(async () => {
    await app.close();
    await emulator.stop();
  });

  it('has a module that starts with its own options', async () => {
    const module = await Test.createTestingModule({ imports: [guide.AppModule] }).compile();
    const own = await module.init();
    expect(own.get(CloseOrderService, { strict: false })).toBeInstanceOf(CloseOrderService);
    await own.close();
  });

  it('releases what is closed, and fulfils what is paid', async () => {
    const cancellations = app.get(guide.Cancellations);
    emulator.place({ out_trade_no });
    expect(await cancellations.cancel(out_trade_no)).toBe('released');
    emulator.pay(emulator.place({ out_trade_no: 'MIGRATION002' }));
    expect(await cancellations.cancel('MIGRATION002')).toBe('fulfilled');
  });

  it('releases and fulfils nothing in doubt', async () => {
    emulator.place({ out_trade_no });
    emulator.faults.add({ kind: 'wrongSignature' });
    await expect(app.get(guide.Cancellations).cancel(out_trade_no)).rejects.toMatchObject({ outcome: 'unknown' });
  });

  it('closes and asks with every other call that it shows', async () => {
    const cancellations = app.get(guide.Cancellations);
    const closeOrder = app.get(CloseOrderService, { strict: false });
    const calls = [
      cancellations.forSubMerchant?.(out_trade_no, sub_mchid) ?? [],
      cancellations.others?.(out_trade_no, sub_mchid) ?? [],
      guide.examples?.(closeOrder) ?? [],
      guide.queries?.(closeOrder, out_trade_no, sub_mchid) ?? [],
    ].flat();
    const ends: string[] = [];
    for (const call of calls) {
      // oxlint-disable-next-line no-await-in-loop -- the calls are of the same order
      ends.push(await lastValueFrom(call.pipe(map(({ state }) => state))).catch(outcomeOf));
    }
    expect(ends).toEqual(others);
  });
});

/** The outcome that an error of ours names. */
function outcomeOf(error: unknown): string {
  return error instanceof WechatPayError ? error.outcome : String(error);
}
