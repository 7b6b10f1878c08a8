import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HttpService } from '@nestjs/axios';

import { Gateway } from '../support/gateway.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';

const out_trade_no = 'UNASKED001';
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
