import { inspect } from 'node:util';

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { CloseOrderService, WechatPayDoctor, WechatPayFacts } from 'nestjs-wechatpay';
import type { EmulatorReply } from 'nestjs-wechatpay/emulator';

import { ApiV2Exchange } from '../../lib/api-v2/api-v2.exchange.js';
import { ApiV3Exchange } from '../../lib/api-v3/api-v3.exchange.js';
import { MerchantRegistry } from '../../lib/merchants/merchant.registry.js';
import { WechatPaySettings } from '../../lib/settings/read-settings.js';
import { WechatPayTransport } from '../../lib/transport/wechat-pay.transport.js';
import { CLOSE_CASES } from '../support/close-cases.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';

let shop: TestShop;
const written: string[] = [];
const original = {
  stdout: process.stdout.write.bind(process.stdout),
  stderr: process.stderr.write.bind(process.stderr),
};

beforeAll(async () => {
  const capture = (chunk: unknown) => {
    written.push(String(chunk));
    return true;
  };
  process.stdout.write = capture;
  process.stderr.write = capture;
  shop = await openShop();
  // After the testing module, which brings a logger of its own that keeps most lines back.
  Logger.overrideLogger(new ConsoleLogger({ logLevels: ['verbose', 'debug', 'log', 'warn', 'error', 'fatal'] }));
});
afterAll(async () => {
  await shop.close();
  Object.assign(process.stdout, { write: original.stdout });
  Object.assign(process.stderr, { write: original.stderr });
});

/** Every text that must not get out, in every spelling in which it might. */
function secrets(): string[] {
  const { merchants } = shop.emulator.credentials;
  const keys = merchants.flatMap(({ privateKey, apiV2Key, apiV3Key }) => [
    ...privateKey.split('\n').filter((line) => line !== '' && !line.startsWith('-----')),
    ...[apiV2Key, apiV3Key].flatMap((key) => [
      key,
      Buffer.from(key).toString('hex'),
      Buffer.from(key).toString('base64'),
    ]),
  ]);
  const signatures = shop.emulator.requests.flatMap(({ headers, body }) => {
    const authorization = headers.find(([name]) => name === 'Authorization')?.[1];
    return [/signature="([^"]+)"/.exec(authorization ?? '')?.[1], /<sign><!\[CDATA\[(\w+)/.exec(body.toString())?.[1]];
  });
  return [...keys, ...signatures.filter((signature) => signature !== undefined)];
}

/** Everything that a program could print of a value. */
function everythingOf(value: unknown): string {
  const { message, stack } = value instanceof Error ? value : { message: '', stack: '' };
  return [
    message,
    stack,
    JSON.stringify(value),
    inspect(value, { depth: 20, showHidden: true, getters: true }),
    String(value),
  ].join('\n');
}

const echoes: [string, (reply: EmulatorReply, sent: string) => EmulatorReply | 'drop'][] = [
  ['a plain reply', (reply) => reply],
  ['a dropped connection', () => 'drop'],
  [
    'an unsigned error that echoes the request',
    (reply, sent) => ({
      ...reply,
      status: 400,
      headers: [],
      body: Buffer.from(JSON.stringify({ code: 'PARAM_ERROR', message: sent, detail: { [sent]: sent, list: [sent] } })),
    }),
  ],
  [
    'a 401 that echoes the request',
    (reply, sent) => ({
      ...reply,
      status: 401,
      headers: [['Request-ID', sent.replaceAll(/[^!-~]/g, '')]],
      body: Buffer.from(JSON.stringify({ code: 'SIGN_ERROR', message: sent, detail: { sign: sent } })),
    }),
  ],
  [
    'an APIv2 failure that echoes the request',
    (reply, sent) => ({
      ...reply,
      body: Buffer.from(
        `<xml><return_code>FAIL</return_code><return_msg><![CDATA[${sent.replaceAll(']]>', '')}]]></return_msg></xml>`,
      ),
    }),
  ],
  ['HTML', (reply, sent) => ({ ...reply, status: 502, headers: [], body: Buffer.from(`<html>${sent}</html>`) })],
];

it.each(echoes)('no secret gets out through %s', async (_, rewrite) => {
  const undo = shop.emulator.afterSigning((reply, { request }) =>
    rewrite(reply, request.headers.map(([name, value]) => `${name}: ${value}`).join('\n') + request.body.toString()),
  );
  const ends: unknown[] = [];
  for (const variant of CLOSE_CASES) ends.push(await ending(variant.close(shop.service, 'SECRET0001', shop.emulator)));
  undo();
  const out = ends.map(everythingOf).join('\n') + written.join('');
  const found = secrets().filter((secret) => out.includes(secret));
  expect(secrets().length).toBeGreaterThan(20);
  expect(found).toEqual([]);
});

it('no secret gets out of our providers', () => {
  const providers = [
    CloseOrderService,
    WechatPaySettings,
    MerchantRegistry,
    WechatPayTransport,
    ApiV2Exchange,
    ApiV3Exchange,
    WechatPayDoctor,
    WechatPayFacts,
  ];
  const out = providers.map((token) =>
    inspect(shop.app.get<unknown>(token, { strict: false }), { depth: 20, showHidden: true }),
  );
  expect(out.join('')).toContain('CloseOrderService');
  expect(secrets().filter((secret) => out.join('').includes(secret))).toEqual([]);
  // What was searched for secrets above had lines about every kind of end.
  for (const words of ['may be open, closed or paid', 'was refused, in an answer'])
    expect([words, written.some((line) => line.includes('[WechatPay]') && line.includes(words))]).toEqual([
      words,
      true,
    ]);
});
