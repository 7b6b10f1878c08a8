import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { Randomness } from 'nestjs-wechatpay';
import { type JsonValue, WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import { asyncScheduler, type SchedulerLike } from 'rxjs';

import { WECHAT_PAY_SCHEDULER } from '../../../lib/wechat-pay.constants.js';
import { keys } from '../../support/test-shop.js';
import { CLOSED_BY_QUERY, matrix, type MatrixRow, unknown } from './matrix.js';
import { Stage } from './stage.js';

let stage: Stage;
const theStage = () => stage;

const PAID = { name: 'OrderPaidError', outcome: 'paid', authenticated: true };
const PAID_BY_QUERY = { ...PAID, transaction: { state: 'SUCCESS' } };
const ALREADY_CLOSED = { state: 'CLOSED', confirmedBy: 'reply', alreadyClosed: true };

describe('answers', () => {
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const elsewhere: { emulator?: WechatPayEmulator } = {};
  beforeAll(async () => {
    elsewhere.emulator = await WechatPayEmulator.start({ keys });
  });
  afterAll(() => elsewhere.emulator?.stop());
  const nothingElsewhere = () => expect(elsewhere.emulator?.requests).toEqual([]);

  matrix(theStage, [
    {
      name: '20. 200 without a body, signed in APIv3',
      arrange: (scene) => {
        scene.answer({ status: 200 });
        scene.spoil((reply) => ({ ...reply, body: Buffer.alloc(0) }));
      },
      ends: unknown('verify', 'shape'),
      query: CLOSED_BY_QUERY,
    },
    {
      name: '21. 200 with HTML, signed in APIv3',
      arrange: (scene) =>
        scene.spoil((reply, sign) => {
          const page = { ...reply, status: 200, body: Buffer.from('<html><body>closed</body></html>') };
          return scene.variant.api === 'v3' ? sign(page) : page;
        }),
      ends: (variant) => ({ ...unknown('verify', 'shape'), authenticated: variant.api === 'v3' }),
      query: CLOSED_BY_QUERY,
    },
    {
      name: '22. 202 USER_PAYING, signed',
      arrange: (scene) => scene.fault({ kind: 'inProgress', processed: false }),
      ends: ({ api }) => ({ name: 'PaymentInProgressError', authenticated: true, status: api === 'v2' ? 200 : 202 }),
    },
    {
      name: '22. 202 USER_PAYING, signed, of an order that was closed meanwhile',
      arrange: (scene) => scene.fault({ kind: 'inProgress' }),
      ends: { name: 'PaymentInProgressError' },
      query: CLOSED_BY_QUERY,
    },
    ...([301, 302, 303, 307, 308] as const).map((status): MatrixRow => ({
      name: `23. ${status} to another host`,
      arrange: (scene) => scene.fault({ kind: 'redirect', status, location: elsewhere.emulator?.url + scene.path }),
      ends: { ...unknown('verify', 'redirect'), status },
      query: CLOSED_BY_QUERY,
      also: nothingElsewhere,
    })),
    {
      name: '23. 307 to the same host, signed',
      arrange: (scene) =>
        scene.spoil((reply) => ({ ...reply, status: 307, headers: [...reply.headers, ['Location', scene.path]] })),
      // An APIv2 signature says nothing of the status, but a redirect is none of its answers, either.
      ends: { ...unknown('verify', 'redirect'), status: 307 },
      query: CLOSED_BY_QUERY,
    },
    {
      name: '24. 500 SYSTEM_ERROR, signed',
      arrange: (scene) => scene.fault({ kind: 'systemError' }),
      ends: { ...unknown('verify', 'serverError'), authenticated: true },
      tries: 3,
      query: CLOSED_BY_QUERY,
    },
    ...[502, 504].map((status): MatrixRow => ({
      name: `25. ${status} with HTML`,
      arrange: (scene) => scene.fault({ kind: 'html', status }),
      ends: { ...unknown('verify', 'serverError'), status, authenticated: false },
      tries: 3,
      query: CLOSED_BY_QUERY,
    })),
    {
      name: '25. 503 without a body',
      arrange: (scene) => scene.spoil(() => ({ status: 503, headers: [], body: Buffer.alloc(0) })),
      ends: { ...unknown('verify', 'serverError'), status: 503 },
      tries: 3,
      query: CLOSED_BY_QUERY,
    },
    {
      name: '27. our signature does not please: 401 SIGN_ERROR, or return_code FAIL, never signed',
      arrange: (scene) =>
        scene.spoil((reply) =>
          scene.variant.api === 'v2'
            ? {
                ...reply,
                body: Buffer.from('<xml><return_code>FAIL</return_code><return_msg>签名错误</return_msg></xml>'),
              }
            : { status: 401, headers: [], body: Buffer.from('{"code":"SIGN_ERROR","message":"x"}') },
        ),
      // The library's own choice of words: it is refused, and the answer is not authenticated.
      ends: { name: 'RequestRefusedError', outcome: 'refused', authenticated: false },
    },
    {
      name: '27. 401 SIGN_ERROR with a Date that is 10 minutes off',
      api: 'v3',
      arrange: (scene) =>
        scene.spoil(() => ({
          status: 401,
          headers: [['Date', new Date(Date.now() - 600_000).toUTCString()]],
          body: Buffer.from('{"code":"SIGN_ERROR","message":"x"}'),
        })),
      ends: {
        name: 'RequestRefusedError',
        message: expect.stringMatching(/this machine's clock is (599|600|601) s ahead of WeChat Pay's/),
      },
    },
    ...['ORDER_PAID', 'ORDERPAID'].map((code): MatrixRow => ({
      name: `28. 400 ${code}, signed`,
      arrange: (scene) => scene.failure(400, code),
      ends: { ...PAID, code },
    })),
    ...['ORDER_CLOSED', 'ORDERCLOSED'].map((code): MatrixRow => ({
      name: `29. 400 ${code}, signed`,
      arrange: (scene) => scene.failure(400, code),
      ends: ALREADY_CLOSED,
    })),
    {
      name: '30. 400 ORDER_PAID, not signed, of an order that is paid',
      arrange: (scene) => {
        scene.emulator.pay(scene.order);
        scene.fault({ kind: 'unsigned' });
      },
      ends: { ...unknown('verify', 'unsigned'), hint: { outcome: 'paid' } },
      query: PAID_BY_QUERY,
    },
    {
      name: '30. 400 ORDER_PAID, not signed, of an order that is closed',
      arrange: (scene) => {
        scene.failure(400, 'ORDER_PAID');
        scene.fault({ kind: 'unsigned' });
      },
      ends: { ...unknown('verify', 'unsigned'), hint: { outcome: 'paid' } },
      query: CLOSED_BY_QUERY,
    },
    {
      name: '31. 400 ORDER_CLOSED, not signed, of an order that is closed',
      arrange: (scene) => {
        scene.failure(400, 'ORDER_CLOSED');
        scene.fault({ kind: 'unsigned' });
      },
      ends: { ...unknown('verify', 'unsigned'), hint: { outcome: 'closed' } },
      query: CLOSED_BY_QUERY,
    },
    {
      name: '31. 400 ORDER_CLOSED, not signed, of an order that is paid',
      arrange: (scene) => {
        scene.emulator.pay(scene.order);
        scene.failure(400, 'ORDER_CLOSED');
        scene.fault({ kind: 'unsigned' });
      },
      ends: { ...unknown('verify', 'unsigned'), hint: { outcome: 'closed' } },
      query: PAID_BY_QUERY,
    },
    {
      name: '32. 404 ORDER_NOT_EXIST, not signed, of an order that is closed',
      arrange: (scene) => {
        scene.failure(404, 'ORDER_NOT_EXIST');
        scene.fault({ kind: 'unsigned' });
      },
      ends: { ...unknown('verify', 'unsigned'), hint: { outcome: 'not_found' } },
      query: CLOSED_BY_QUERY,
    },
    ...Object.entries<JsonValue>({
      'a number': 1,
      'an array': ['ORDER_CLOSED'],
      'an object': { ORDER_CLOSED: 1 },
    }).map(([what, code]): MatrixRow => ({
      name: `34. 400 with a code that is ${what}, signed`,
      api: 'v3',
      arrange: (scene) => scene.answer({ status: 400, body: { code, message: 'x' } }),
      ends: { ...unknown('verify', 'shape'), authenticated: true },
      query: CLOSED_BY_QUERY,
    })),
    {
      name: '34. a code that holds elements, signed',
      api: 'v2',
      arrange: (scene) =>
        scene.spoil((reply) => ({
          ...reply,
          body: Buffer.from(
            reply.body.toString().replace('</xml>', '<err_code><code>ORDERCLOSED</code></err_code></xml>'),
          ),
        })),
      ends: unknown('verify', 'shape'),
      query: CLOSED_BY_QUERY,
    },
    {
      name: '34. 400 with a code of 1 MB, signed',
      api: 'v3',
      arrange: (scene) => scene.failure(400, 'A'.repeat(1_000_000)),
      ends: unknown('body', 'tooLarge'),
      query: CLOSED_BY_QUERY,
    },
    {
      name: '34. a code of 1 MB',
      api: 'v2',
      arrange: (scene) =>
        scene.spoil((reply) => ({
          ...reply,
          body: Buffer.from(
            reply.body.toString().replace('</xml>', `<err_code>${'A'.repeat(1_000_000)}</err_code></xml>`),
          ),
        })),
      ends: unknown('body', 'tooLarge'),
      query: CLOSED_BY_QUERY,
    },
  ]);
});

describe('33. a signed error, true of another order', () => {
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  // A code names no order, so `confirm: 'always'` asks before it believes one.
  matrix(theStage, [
    {
      name: '33. 400 ORDER_CLOSED of an order that is paid',
      arrange: (scene) => {
        scene.emulator.pay(scene.order);
        scene.failure(400, 'ORDER_CLOSED');
      },
      ends: ALREADY_CLOSED,
      always: PAID_BY_QUERY,
    },
    {
      name: '33. 400 ORDER_PAID of an order that is open',
      arrange: (scene) => scene.failure(400, 'ORDER_PAID'),
      ends: PAID,
      // It is closed by then, whatever the reply says.
      always: CLOSED_BY_QUERY,
    },
    {
      name: '33. 404 ORDER_NOT_EXIST of an order that is paid',
      arrange: (scene) => {
        scene.emulator.pay(scene.order);
        scene.failure(404, 'ORDER_NOT_EXIST');
      },
      ends: { name: 'OrderNotFoundError', authenticated: true },
      always: PAID_BY_QUERY,
    },
  ]);
});

describe('26. throttled', () => {
  const HUNDREDFOLD = 100;
  const waits: number[] = [];
  /** Time that runs a hundred times as fast, and notes for how long it was to wait. */
  const fast: SchedulerLike = {
    now: () => asyncScheduler.now(),
    schedule: (work, delay, state) => {
      const ms = delay ?? 0;
      waits.push(ms);
      return asyncScheduler.schedule(work as never, ms / HUNDREDFOLD, state);
    },
  };
  beforeAll(async () => {
    stage = await Stage.open({
      options: {
        retry: { attempts: 3, baseMs: 200, maxMs: 2_000 },
        timeouts: { connectMs: 600_000, attemptMs: 600_000, totalMs: 599_999 },
      },
      providers: [
        [WECHAT_PAY_SCHEDULER, fast],
        [Randomness, { next: () => 0.5 }],
      ],
    });
  });
  afterAll(() => stage.close());

  /** Half of 1 s, and of twice that: our own wait after a throttled answer. */
  const OWN = [500, 1_000];
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1_000).toUTCString();
  // APIv2 has no Retry-After.
  const rows: [name: string, headers: () => string[], expected: number[] | 'about 3 s'][] = [
    ['1', () => ['1'], [1_000, 1_000]],
    ['9999, which is clipped to 5 s', () => ['9999'], [5_000, 5_000]],
    ['a date in 3 s', () => [inSeconds(3)], 'about 3 s'],
    ['a date that is over', () => [inSeconds(-3)], OWN],
    ['-1', () => ['-1'], OWN],
    ['junk', () => ['soon'], OWN],
    ['given twice', () => ['1', '4'], OWN],
    ['left out', () => [], OWN],
  ];

  matrix(theStage, [
    {
      name: '26. 429 with HTML, not signed',
      arrange: (scene) => scene.fault({ kind: 'html', status: 429 }),
      ends: { ...unknown('verify', 'rateLimited'), authenticated: false, status: 429 },
      tries: 3,
    },
    ...rows.map(([name, headers, expected]): MatrixRow => ({
      name: `26. 429 with Retry-After ${name}`,
      arrange: (scene) => {
        waits.length = 0;
        scene.fault({ kind: 'throttle' });
        scene.spoil((reply) => ({
          ...reply,
          headers: [...reply.headers, ...headers().map((value) => ['Retry-After', value] as const)],
        }));
      },
      ends: { ...unknown('verify', 'rateLimited'), authenticated: true },
      tries: 3,
      also: ({ variant }) => {
        const own = waits.filter((wait) => wait <= 5_000);
        expect(own).toHaveLength(2);
        if (variant.api === 'v2') expect(own).toEqual(OWN);
        else if (expected !== 'about 3 s') expect(own).toEqual(expected);
        // A date has no parts of a second.
        else for (const wait of own) expect(Math.abs(wait - 2_500)).toBeLessThan(600);
      },
    })),
  ]);
});
