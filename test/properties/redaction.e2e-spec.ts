import { inspect } from 'node:util';

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type CloseOptions,
  WechatPayConfigurationError,
  WechatPayModule,
  type WechatPayModuleOptions,
} from 'nestjs-wechatpay';
import type { EmulatorReply } from 'nestjs-wechatpay/emulator';
import { Test } from '@nestjs/testing';

import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { junk, type Replacement, replaced } from './junk-options.js';
import { PATIENCE_MS, runs } from './runs.js';

const out_trade_no = 'CANARY0001';
/** So many characters in a row give a secret away. */
const TELLING = 8;
let shop: TestShop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.close());

/** The secrets that never leave the machine, each in every spelling in which it might. */
function keptSecrets(): string[] {
  const { privateKey, apiV2Key, apiV3Key } = shop.emulator.credentials.merchants[0] ?? fail();
  const lines = privateKey.split('\n').filter((line) => line !== '' && !line.startsWith('-----'));
  const spelled = [apiV2Key, apiV3Key].flatMap((key) =>
    (['utf8', 'hex', 'base64'] as const).map((encoding) => Buffer.from(key).toString(encoding)),
  );
  return [lines.join(''), ...spelled];
}

/** The secret that the last request carried: its signature. */
function sentSecret(): string {
  const request = shop.emulator.requests.at(-1) ?? fail();
  const authorization = request.headers.find(([name]) => name === 'Authorization')?.[1] ?? '';
  const inHeader = /signature="([^"]+)"/.exec(authorization)?.[1];
  return inHeader ?? /<sign><!\[CDATA\[(\w+)/.exec(request.body.toString())?.[1] ?? fail();
}

function fail(): never {
  throw new Error('The test itself is wrong.');
}

/** Everything that a program could print of a value. */
function everythingOf(value: unknown): string {
  const { message, stack } = value instanceof Error ? value : { message: '', stack: '' };
  const inspected = inspect(value, { depth: 20, showHidden: true, getters: true });
  return [message, stack, JSON.stringify(value), inspected, String(value)].join('\n');
}

/** What of the secrets stands in a text, if anything does. */
function given(away: string, secrets: readonly string[]): string | undefined {
  const pieces = new Set<string>();
  for (let at = 0; at + TELLING <= away.length; at++) pieces.add(away.slice(at, at + TELLING));
  for (const secret of secrets) {
    for (let at = 0; at + TELLING <= secret.length; at++) {
      if (pieces.has(secret.slice(at, at + TELLING))) return secret.slice(at, at + TELLING);
    }
  }
  return undefined;
}

const spelling = fc.constantFrom<(text: string) => string>(
  (text) => text,
  encodeURIComponent,
  (text) => text.replaceAll(/(.{5})/g, '$1\n'),
  (text) => text.split('').join(' '),
  (text) => `Authorization: "${text}"`,
);
const place = fc.constantFrom('message', 'detail', 'code', 'request id', 'html', 'return_msg', 'err_code_des', 'reset');

it(
  'an echo of what was sent gives no secret away, wherever and however it is written',
  async () => {
    await fc.assert(
      fc.asyncProperty(
        place,
        spelling,
        fc.nat(),
        fc.integer({ min: 16, max: 400 }),
        fc.constantFrom(200, 202, 204, 302, 400, 401, 404, 429, 500),
        fc.boolean(),
        async (where, spell, from, length, status, isV2) => {
          const undo = shop.emulator.afterSigning((reply, { sign }): EmulatorReply | 'drop' => {
            const secret = sentSecret();
            // No echo is as long as what is kept for a person, so that none is cut into a piece too short to be noticed.
            const echo = spell(secret.slice(from % (secret.length - 16)).slice(0, length));
            switch (where) {
              case 'reset':
                return 'drop';
              case 'html':
                return { ...reply, status, headers: [], body: Buffer.from(`<html>${echo}</html>`) };
              case 'request id':
                return { ...reply, status, headers: [['Request-ID', echo.replaceAll(/[^!-~]/g, '')]] };
              case 'return_msg':
              case 'err_code_des': {
                const code = where === 'return_msg' ? 'FAIL' : 'SUCCESS';
                const said = `<return_code>${code}</return_code><result_code>FAIL</result_code>`;
                return { ...reply, body: Buffer.from(`<xml>${said}<${where}><![CDATA[${echo}]]></${where}></xml>`) };
              }
              case 'message':
              case 'detail':
              case 'code': {
                const said = { code: 'PARAM_ERROR', message: 'x', detail: { field: 'x', value: 'x' } };
                const changed =
                  where === 'detail'
                    ? { ...said, detail: { field: echo, [echo]: 1, value: echo } }
                    : { ...said, [where]: echo };
                const signed = { ...reply, status, body: Buffer.from(JSON.stringify(changed)) };
                return isV2 ? signed : sign(signed);
              }
            }
          });
          const end = await ending(isV2 ? shop.service.v2({ out_trade_no }) : shop.service.direct({ out_trade_no }));
          undo();
          expect(given(everythingOf(end), [...keptSecrets(), sentSecret()])).toBeUndefined();
        },
      ),
      runs(300),
    );
  },
  PATIENCE_MS,
);

/** A secret, or junk that holds one. */
const secret = fc.nat().chain((pick) =>
  fc
    .constantFrom<(text: string) => unknown>(
      (text) => text,
      (text) => ` ${text}`,
      (text) => Buffer.from(text),
      (text) => [text],
      (text) => ({ [text]: text }),
      (text) => new Map([[text, text]]),
      (text) => ({ toString: () => text }),
      (text) =>
        Object.defineProperty({}, 'mchid', {
          enumerable: true,
          get: () => {
            throw new Error(text);
          },
        }),
    )
    .map((wrap) => ({ pick, wrap })),
);
const misplaced = fc.record({ at: fc.array(fc.nat(20), { minLength: 1, maxLength: 5 }), secret, asName: fc.boolean() });

/** Secrets as a person has them at hand. */
function atHand(): string[] {
  const { privateKey, apiV2Key, apiV3Key } = shop.emulator.credentials.merchants[0] ?? fail();
  return [privateKey, apiV2Key, apiV3Key];
}

function misplace(
  value: unknown,
  places: readonly (typeof misplaced extends fc.Arbitrary<infer T> ? T : never)[],
): unknown {
  return places.reduce<unknown>((current, { at, secret: { pick, wrap }, asName }) => {
    const text = atHand()[pick % atHand().length] ?? fail();
    const replacement: Replacement = { at, put: asName ? text : wrap(text), asName };
    return replaced(current, replacement);
  }, value);
}

it(
  'a secret in the wrong place of the options is not told back',
  async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(misplaced, { minLength: 1, maxLength: 3 }), async (places) => {
        const options = misplace(shop.emulator.options('both'), places) as WechatPayModuleOptions;
        let end: unknown;
        try {
          const app = await Test.createTestingModule({ imports: [WechatPayModule.forRoot(options)] }).compile();
          await app.close();
        } catch (error) {
          end = error;
        }
        if (end === undefined) return;
        refused++;
        expect(end).toBeInstanceOf(WechatPayConfigurationError);
        expect(given(everythingOf(end), keptSecrets())).toBeUndefined();
      }),
      runs(120),
    );
    expect(refused).toBeGreaterThan(30);
  },
  PATIENCE_MS,
);

it(
  'a secret in the wrong place of a request or of its options is not told back',
  async () => {
    const nowhere = { state: 'CLOSED' };
    await fc.assert(
      fc.asyncProperty(
        fc.array(misplaced, { minLength: 1, maxLength: 2 }),
        fc.option(fc.record({ merchant: misplaced, other: junk }), { nil: undefined }),
        fc.constantFrom('direct', 'partner', 'combine', 'v2' as const),
        async (places, other, variant) => {
          const right = {
            direct: { out_trade_no },
            partner: { out_trade_no, sub_mchid: '1230000109' },
            combine: { combine_appid: 'wx1', combine_out_trade_no: 'C', sub_orders: [{ mchid: '1', out_trade_no }] },
            v2: { out_trade_no, sub_mch_id: '1230000109', nonce_str: 'n' },
          };
          const request = misplace(right[variant], places);
          const options = other === undefined ? {} : { merchant: misplace('x', [other.merchant]) };
          const close = shop.service[variant].bind(shop.service) as (
            request: unknown,
            options: CloseOptions,
          ) => ReturnType<typeof shop.service.direct>;
          const end = await ending(close(request, options as CloseOptions));
          // A key that is a valid order number is the caller's own name for its order.
          const numbers = JSON.stringify((end as { order?: unknown }).order ?? nowhere);
          const secrets = keptSecrets().filter((text) => given(numbers, [text]) === undefined);
          expect(given(everythingOf(end), secrets)).toBeUndefined();
        },
      ),
      runs(400),
    );
  },
  PATIENCE_MS,
);
