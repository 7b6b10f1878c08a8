import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';

import { bytesOf, Gateway } from '../support/gateway.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { until } from '../support/until.js';

const out_trade_no = 'ODDREPLY01';
let home: TestShop;
let gateway: Gateway;
let shop: TestShop;
beforeAll(async () => {
  home = await openShop();
  gateway = await Gateway.start(() => home.emulator.url);
  // An attempt that has to be cut off would outlast the test.
  const timeouts = { attemptMs: 60_000, totalMs: 120_000 };
  shop = await openShop({ ...home.emulator.options('both'), hosts: { mainland: gateway.url }, timeouts });
});
afterEach(() => gateway.reset());
afterAll(async () => {
  await shop.close();
  await gateway.leave();
  await home.close();
});

/** What servers and what stands before them may make of a signed reply, and what a close comes to. */
const REPLIES: readonly (readonly [what: string, bytes: (signed: string) => string, expected: object])[] = [
  ['as it should be', (signed) => `HTTP/1.1 204 No Content\r\n${signed}\r\n`, { state: 'CLOSED' }],
  ['in HTTP/1.0', (signed) => `HTTP/1.0 204 No Content\r\n${signed}\r\n`, { state: 'CLOSED' }],
  [
    'with its headers in capitals',
    (signed) => `HTTP/1.1 204 No Content\r\n${signed.replaceAll(/^[^:]+/gm, (name) => name.toUpperCase())}\r\n`,
    { state: 'CLOSED' },
  ],
  [
    'with headers that are named like members of objects',
    (signed) => `HTTP/1.1 204 No Content\r\n${signed}__proto__: a\r\nconstructor: b\r\nnormalize: c\r\n\r\n`,
    { state: 'CLOSED' },
  ],
  [
    'with a second nonce in other letters',
    (signed) => `HTTP/1.1 204 No Content\r\n${signed}WECHATPAY-NONCE: a\r\n\r\n`,
    { phase: 'verify', reason: 'header' },
  ],
  [
    'with its signature in the trailers',
    (signed) => `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${signed}\r\n`,
    { phase: 'verify', reason: 'unsigned' },
  ],
  [
    'with two lengths',
    (signed) => `HTTP/1.1 200 OK\r\n${signed}Content-Length: 0\r\nContent-Length: 3\r\n\r\n`,
    { phase: 'headers', reason: 'protocol' },
  ],
  [
    'with more body than its length says',
    (signed) => `HTTP/1.1 200 OK\r\n${signed}Content-Length: 0\r\n\r\nabc`,
    { phase: 'body', reason: 'protocol' },
  ],
  [
    'with a body where there can be none',
    (signed) => `HTTP/1.1 204 No Content\r\n${signed}Content-Length: 3\r\n\r\nabc`,
    { phase: 'body', reason: 'protocol' },
  ],
  [
    'that sends the client elsewhere',
    (signed) => `HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\n${signed}Content-Length: 0\r\n\r\n`,
    { phase: 'verify', reason: 'redirect' },
  ],
  [
    'that was compressed on the way',
    (signed) => `HTTP/1.1 204 No Content\r\n${signed}Content-Encoding: gzip\r\n\r\n`,
    { phase: 'body', reason: 'encoding' },
  ],
  [
    'that says in any letters that it is not compressed',
    (signed) => `HTTP/1.1 204 No Content\r\n${signed}content-encoding: Identity\r\nContent-Encoding: identity\r\n\r\n`,
    { state: 'CLOSED' },
  ],
  [
    'that was compressed under a second header',
    (signed) => `HTTP/1.1 204 No Content\r\n${signed}Content-Encoding: identity\r\ncontent-encoding: br\r\n\r\n`,
    { phase: 'body', reason: 'encoding' },
  ],
  ['in another protocol', () => 'SSH-2.0-OpenSSH\r\n', { phase: 'headers', reason: 'protocol' }],
];

describe.each(['without', 'with'])('%s interceptors', (which) => {
  const close = async () => {
    const { request } = shop.app.get(HttpService, { strict: false }).axiosRef.interceptors;
    if (which === 'with') request.use((config) => config);
    const ended = await ending(shop.service.direct({ out_trade_no }));
    request.clear();
    return ended;
  };

  it('a switch of protocols that nobody asked for ends the attempt at once', async () => {
    gateway.script = ({ socket }) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    expect(await close()).toMatchObject({ name: 'OutcomeUnknownError', phase: 'headers', reason: 'protocol' });
  });

  it.each(REPLIES)('a reply %s comes to the same, and spoils no call after it', async (_, bytes, expected) => {
    home.emulator.place({ out_trade_no });
    gateway.script = async ({ socket, forward }) => {
      const { headers } = await forward();
      socket.write(bytes(headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')));
    };
    expect(await close()).toMatchObject(expected);
    gateway.script = undefined;
    expect(await close()).toMatchObject({ state: 'CLOSED' });
    home.emulator.reset();
  });

  it('early hints are not taken for the reply', async () => {
    home.emulator.place({ out_trade_no });
    gateway.script = async ({ socket, forward }) => {
      socket.write('HTTP/1.1 103 Early Hints\r\nWechatpay-Nonce: a\r\nLink: </style.css>\r\n\r\n');
      const { headers } = await forward();
      const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      socket.write(`HTTP/1.1 204 No Content\r\n${lines}\r\n`);
    };
    expect(await close()).toMatchObject({ state: 'CLOSED' });
    home.emulator.reset();
  });
});

it('a caller who leaves costs the others none of their connections', async () => {
  const numbers = ['LEAVES0001', 'LEAVES0002', 'LEAVES0003'];
  for (const number of numbers) home.emulator.place({ out_trade_no: number });
  const closeAll = async () => {
    gateway.requests.length = 0;
    // None is answered before all are there, so that each has a connection of its own.
    gateway.script = async ({ socket, forward }) => {
      await until(() => gateway.requests.length === numbers.length);
      socket.write(bytesOf(await forward()));
    };
    await Promise.all(numbers.map((number) => ending(shop.service.direct({ out_trade_no: number }))));
  };
  await closeAll();
  const { connections } = gateway;
  gateway.requests.length = 0;
  gateway.script = () => {};
  const leaving = shop.service.direct({ out_trade_no }).subscribe();
  await until(() => gateway.requests.length === 1);
  leaving.unsubscribe();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await closeAll();
  // At most one, in place of the one that was cut.
  expect(gateway.connections).toBeLessThanOrEqual(connections + 1);
});

it.each([
  ['is used again', 'timeout=3', 1],
  ['is used again, however the server words it', 'max=100', 1],
  ['is not used again where the server keeps it for too short a time', 'timeout=1', 3],
])('a connection %s (Keep-Alive: %s)', async (_, keepAlive, connections) => {
  const numbers = ['KEEPALIVE1', 'KEEPALIVE2', 'KEEPALIVE3'];
  home.emulator.reset();
  for (const number of numbers) home.emulator.place({ out_trade_no: number });
  await gateway.leave();
  await gateway.reset();
  gateway.script = async ({ socket, forward }) => {
    const reply = await forward();
    socket.write(bytesOf({ ...reply, headers: [...reply.headers, ['Keep-Alive', keepAlive]] }));
  };
  for (const number of numbers) {
    expect(await ending(shop.service.direct({ out_trade_no: number }))).toMatchObject({ state: 'CLOSED' });
  }
  expect(gateway.connections).toBe(connections);
});
