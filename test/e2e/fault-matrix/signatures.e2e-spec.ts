import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { EmulatorReply, SignAs } from 'nestjs-wechatpay/emulator';

import { bytesOf } from '../../support/gateway.js';
import { rsaPair } from '../../support/keys.js';
import { ending, keys } from '../../support/test-shop.js';
import { CLOSED, CLOSED_BY_QUERY, matrix, type MatrixRow, unknown } from './matrix.js';
import { Scene } from './scene.js';
import { Stage } from './stage.js';

// Rows 42 and 43 are not here: WeChat Pay's keys are configured, and nothing is fetched that could fail or be flooded.

const HEADERS = ['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Signature', 'Wechatpay-Serial'];
const MCHID = '1900000109';
const newPair = rsaPair();

let stage: Stage;
const theStage = () => stage;

/** Changes the value of a header; nothing leaves it out, and several repeat it. */
function withHeader(reply: EmulatorReply, name: string, change: (value: string) => string[]): EmulatorReply {
  const headers = reply.headers.flatMap(([own, value]) =>
    own === name ? change(value).map((changed): [string, string] => [own, changed]) : [[own, value] as const],
  );
  return { ...reply, headers };
}

/** A row whose reply to the close is signed as something else than what is right. */
function signedAs(name: string, as: (scene: Scene) => SignAs, rest: Pick<MatrixRow, 'ends'> & Partial<MatrixRow>) {
  const arrange: MatrixRow['arrange'] = (scene) =>
    scene.emulator.afterSigning((reply, { request, sign }) =>
      request.url === scene.path ? sign(reply, as(scene)) : undefined,
    );
  return { name, arrange, ...rest };
}

/** A row whose reply to the close has another `Wechatpay-Signature`. */
function signature(name: string, change: (value: string) => string, rest: Partial<MatrixRow> = {}): MatrixRow {
  return {
    name: `39. a signature ${name}`,
    api: 'v3',
    arrange: (scene) => scene.spoil((reply) => withHeader(reply, 'Wechatpay-Signature', (value) => [change(value)])),
    ends: unknown('verify', 'signature'),
    query: CLOSED_BY_QUERY,
    ...rest,
  };
}

// A reply that cannot be verified is not asked for again: somebody may be playing with us, and a query tells more.
describe('signatures', () => {
  beforeAll(async () => {
    stage = await Stage.open({ gateway: true });
  });
  afterAll(() => stage.close());

  const doubtful = { ends: unknown('verify', 'signature'), query: CLOSED_BY_QUERY };
  const spoilt: Readonly<Record<string, (value: string) => string[]>> = {
    missing: () => [],
    empty: () => [''],
    blank: () => ['  '],
    'given twice': (value) => [value, value],
    'given twice, the first one wrong': (value) => ['x', value],
    folded: (value) => [`${value.slice(0, 4)}\r\n ${value.slice(4)}`],
    'not ASCII': (value) => [`${value.slice(0, -1)}\u00e9`],
  };

  matrix(theStage, [
    {
      name: '35. a wrong signature',
      arrange: (scene) => scene.fault({ kind: 'wrongSignature' }),
      ...doubtful,
    },
    {
      api: 'v3',
      ...signedAs(
        "35. signed by the merchant's own key",
        ({ emulator }) => ({ privateKey: emulator.credentials.merchants[0]?.privateKey }),
        doubtful,
      ),
    },
    {
      api: 'v3',
      ...signedAs(
        "35. signed by the merchant's own key, under its own serial",
        ({ emulator }) => {
          const { privateKey, serialNo } = emulator.credentials.merchants[0] ?? {};
          return { privateKey, serial: serialNo };
        },
        { ends: unknown('verify', 'serial'), query: CLOSED_BY_QUERY },
      ),
    },
    {
      // The next reply is good: the close after each row of the matrix says so.
      name: '36. a probe of WeChat Pay, WECHATPAY/SIGNTEST/',
      api: 'v3',
      arrange: (scene) => scene.fault({ kind: 'signTest' }),
      ...doubtful,
    },
    ...HEADERS.flatMap((header) =>
      Object.entries(spoilt).map(([how, change]): MatrixRow => ({
        name: `37. ${header} ${how}`,
        api: 'v3',
        arrange: (scene) =>
          scene.script(async ({ socket, forward }) =>
            socket.write(bytesOf(withHeader(await forward(), header, change))),
          ),
        // Node refuses what stands on two lines, before it is for us to judge.
        ...(how === 'folded'
          ? { ends: unknown('headers', 'protocol'), tries: 3 }
          : { ends: unknown('verify', 'header') }),
        query: CLOSED_BY_QUERY,
      })),
    ),
    {
      name: '37. all four missing',
      arrange: (scene) => scene.fault({ kind: 'unsigned' }),
      ends: unknown('verify', 'unsigned'),
      query: CLOSED_BY_QUERY,
    },
    signature('with junk in it', (value) => `${value.slice(0, 9)}!${value.slice(9)}`),
    signature('with spaces for line breaks', (value) => value.replaceAll(/(.{64})/g, '$1 '), {
      ends: unknown('verify', 'header'),
    }),
    signature('in the alphabet for URLs', (value) => value.replaceAll('+', '-').replaceAll('/', '_')),
    signature('without padding', (value) => value.replaceAll('=', '')),
    signature('with too much padding', (value) => `${value}==`),
    signature('one byte short', (value) => bytes(value, (all) => all.subarray(1))),
    signature('one byte long', (value) => bytes(value, (all) => Buffer.concat([Buffer.of(0), all]))),
    signature('whose last bits are not zero', (value) => value.replace(/.==$/, (end) => `${nextLetter(end)}==`)),
    signature('in hex', (value) => Buffer.from(value, 'base64').toString('hex')),
    ...['__proto__', 'constructor', 'toString', 'PUB_KEY_ID_0000000000', '0123456789ABCDEF'].map((serial) => ({
      api: 'v3' as const,
      ...signedAs(`40. an unknown serial: ${serial}`, () => ({ serial }), {
        ends: unknown('verify', 'serial'),
        query: CLOSED_BY_QUERY,
      }),
    })),
    {
      api: 'v3',
      ...signedAs(
        '40. a serial in lower case',
        () => ({
          serial: keys.platform.serial.toLowerCase(),
          privateKey: keys.platform.privateKey,
        }),
        { ends: unknown('verify', 'serial'), query: CLOSED_BY_QUERY },
      ),
    },
  ]);
});

function bytes(base64: string, change: (bytes: Buffer) => Buffer): string {
  return change(Buffer.from(base64, 'base64')).toString('base64');
}

/** The letter of base64 after one, which differs in bits that stand for nothing. */
function nextLetter([letter = 'A']: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  return alphabet[alphabet.indexOf(letter) + 1] ?? 'A';
}

describe('times', () => {
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const inTime: [string, (now: number) => string | number][] = [
    ['300 s ago', (now) => now - 300],
    ['in 300 s', (now) => now + 300],
  ];
  const outOfTime: [string, (now: number) => string | number][] = [
    ['301 s ago', (now) => now - 301],
    ['in 301 s', (now) => now + 301],
    ['zero', () => 0],
    ['negative', (now) => -now],
    ['NaN', () => 'NaN'],
    ['of 11 digits', (now) => `0${now}`],
    ['a fraction', (now) => `${now}.0`],
    ['in milliseconds', (now) => now * 1_000],
    ['in hex', (now) => `0x${now.toString(16)}`],
    ['with an exponent', (now) => `${now}e0`],
    ['with a sign', (now) => `+${now}`],
  ];
  const at = (
    name: string,
    time: (now: number) => string | number,
    rest: Pick<MatrixRow, 'ends'> & Partial<MatrixRow>,
  ) => ({
    name: `38. signed at a time ${name}`,
    api: 'v3' as const,
    arrange: (scene: Scene) => {
      // It stands still, so that the edge of the window is where it is.
      scene.stage.shop.clock.stoppedAt = scene.emulator.clock.now();
      const now = Math.floor(scene.stage.shop.clock.stoppedAt / 1_000);
      return signedAs(name, () => ({ timestamp: time(now) }), rest).arrange(scene);
    },
    ...rest,
  });

  matrix(theStage, [
    ...inTime.map(([name, time]) => at(name, time, { ends: CLOSED })),
    ...outOfTime.map(([name, time]) => at(name, time, { ends: unknown('verify', 'time'), query: CLOSED_BY_QUERY })),
    at('with spaces', (now) => `${String(now).slice(0, 5)} ${String(now).slice(5)}`, {
      ends: unknown('verify', 'header'),
      query: CLOSED_BY_QUERY,
    }),
    at('with spaces around it, which HTTP does not count', (now) => ` ${now} `, {
      ends: unknown('verify', 'signature'),
    }),
  ]);
});

describe.each([
  ['old', 'new'],
  ['new', 'old'],
] as const)('keys that change: the %s one is asked for and the %s one signs', (asked, signs) => {
  const { publicKey, platform } = keys;
  const pairs = {
    old: { serial: publicKey.serial, publicKey: publicKey.publicKey, privateKey: publicKey.privateKey },
    new: { serial: 'PUB_KEY_ID_0123456789', publicKey: newPair.publicPem, privateKey: newPair.privateKey },
  };
  beforeAll(async () => {
    const { apiV2Key, apiV3Key, serialNo, privateKey } = keys.merchant(MCHID);
    const publicKeys = Object.fromEntries([asked, signs].map((key) => [pairs[key].serial, pairs[key].publicKey]));
    const merchant = {
      mchid: MCHID,
      appid: 'wx8888888888888888',
      apiV2: { key: apiV2Key },
      apiV3: { serialNo, privateKey, apiV3Key, publicKeys, certificates: [platform.certificate] },
    };
    stage = await Stage.open({ options: { merchants: [merchant] } });
  });
  afterAll(() => stage.close());

  const { serial, privateKey } = pairs[signs];
  matrix(theStage, [
    {
      api: 'v3',
      ...signedAs('41. rotated between request and reply', () => ({ serial, privateKey }), { ends: CLOSED }),
      also: ({ emulator }) =>
        expect(emulator.requests[0]?.headers).toContainEqual(['Wechatpay-Serial', pairs[asked].serial]),
    },
    {
      api: 'v3',
      ...signedAs(
        '41. rotated from public key to certificate',
        () => ({ serial: platform.serial, privateKey: platform.privateKey }),
        { ends: CLOSED },
      ),
    },
  ]);
});

describe('replies that were recorded', () => {
  const OTHER_MCHID = '1900000110';
  beforeAll(async () => {
    const merchants = [MCHID, OTHER_MCHID].map((mchid) => ({ mchid, subMchids: ['1230000109'] }));
    stage = await Stage.open({ emulated: { merchants, unknownOrder: 'closed' }, merchant: MCHID });
  });
  afterAll(() => stage.close());

  /** Closes an order, and has the reply to that sent again for the close of the scene. */
  const replaying =
    (orderOf: (scene: Scene) => string, merchant = MCHID): MatrixRow['arrange'] =>
    async (scene) => {
      const { variant, emulator } = scene;
      const options = { confirm: 'never', merchant } as const;
      const closed = await ending(variant.close(scene.stage.shop.service, orderOf(scene), emulator, options));
      expect(closed).toMatchObject({ state: 'CLOSED' });
      emulator.faults.add({ kind: 'replay', when: { path: scene.path } });
    };
  const replayed = { ends: unknown('verify', 'replay'), heard: 2, query: CLOSED_BY_QUERY };

  matrix(theStage, [
    { name: '44. of the same order', arrange: replaying(({ number }) => number), ...replayed },
    { name: '44. of another order', arrange: replaying(() => stage.newNumber()), ...replayed },
    {
      name: '44. of another merchant',
      arrange: replaying(() => stage.newNumber(), OTHER_MCHID),
      ...replayed,
      // In APIv2 the key of another merchant gives it away before that.
      ends: ({ api }) => unknown('verify', api === 'v2' ? 'signature' : 'replay'),
    },
  ]);
});
