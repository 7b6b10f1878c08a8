import { request as httpRequest } from 'node:http';
import { Agent, createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { CloseOrderService, WechatPayModule } from 'nestjs-wechatpay';

import { ConnectionPool } from '../../lib/transport/connection-pool.js';
import { certificate, rsaPair } from '../support/keys.js';
import { machineEnvironment } from '../support/machine-environment.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';

const pair = rsaPair();
const cert = certificate(pair, '01'.repeat(20), 'localhost');
let shop: TestShop;
let server: Server;
let origin: string;
let heard = 0;

beforeAll(async () => {
  shop = await openShop();
  // A terminator of TLS in front of the emulator: it passes on what it hears, and back.
  server = createServer({ key: pair.privatePem, cert }, (request, response) => {
    heard++;
    const { hostname, port } = new URL(shop.emulator.url);
    const { method, url: path, headers } = request;
    const onward = httpRequest({ hostname, port, method, path, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 0, reply.rawHeaders);
      reply.pipe(response);
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await shop.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

describe('TLS', () => {
  it.each([undefined, '0'])(
    'is not talked out of checking certificates: NODE_TLS_REJECT_UNAUTHORIZED=%s',
    async (value) => {
      const strict = await openShop({ hosts: { mainland: origin } });
      if (value !== undefined) machineEnvironment['NODE_TLS_REJECT_UNAUTHORIZED'] = value;
      const error = await ending(strict.service.direct({ out_trade_no: 'TLS0000001' }));
      delete machineEnvironment['NODE_TLS_REJECT_UNAUTHORIZED'];
      await strict.close();
      expect(error).toMatchObject({ name: 'OutcomeUnknownError', phase: 'notSent', reason: 'tls' });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(heard).toBe(0);
    },
  );

  it('carries a close where the certificate is trusted', async () => {
    class TrustingPool extends ConnectionPool {
      override agentFor(): Agent {
        return agent;
      }
    }
    const agent = new Agent({ ca: cert, rejectUnauthorized: true });
    const options = { ...shop.emulator.options(), hosts: { mainland: origin } };
    const module = await Test.createTestingModule({ imports: [WechatPayModule.forRoot(options)] })
      .overrideProvider(ConnectionPool)
      .useValue(new TrustingPool())
      .compile();
    shop.emulator.place({ out_trade_no: 'TLS0000002' });
    expect(await ending(module.get(CloseOrderService).direct({ out_trade_no: 'TLS0000002' }))).toMatchObject({
      state: 'CLOSED',
    });
    agent.destroy();
    await module.close();
  });

  it('that never gets through its handshake ends at the limit for connecting', async () => {
    const mute = createTcpServer((socket) => void socket.on('error', () => {}).resume());
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const hosts = { mainland: `https://127.0.0.1:${(mute.address() as AddressInfo).port}` };
    const waiting = await openShop({ hosts, timeouts: { connectMs: 50 } });
    const error = await ending(waiting.service.direct({ out_trade_no: 'TLS0000003' }));
    await waiting.close();
    await new Promise((resolve) => mute.close(resolve));
    expect(error).toMatchObject({
      phase: 'notSent',
      reason: 'timeout',
      message: expect.stringContaining('no connection within 50 ms'),
    });
  });
});
