import { Agent } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Test } from '@nestjs/testing';
import { CloseOrderService, WechatPayModule } from 'nestjs-wechatpay';

import { ConnectionPool } from '../../lib/transport/connection-pool.js';
import { machineEnvironment } from '../support/machine-environment.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { openTlsFront, type TlsFront } from '../support/tls-front.js';

let shop: TestShop;
let front: TlsFront;

beforeAll(async () => {
  shop = await openShop();
  front = await openTlsFront(shop.emulator.url);
});
afterAll(async () => {
  await shop.close();
  await front.close();
});

describe('TLS', () => {
  it.each([undefined, '0'])(
    'is not talked out of checking certificates: NODE_TLS_REJECT_UNAUTHORIZED=%s',
    async (value) => {
      const strict = await openShop({ hosts: { mainland: front.origin } });
      if (value !== undefined) machineEnvironment['NODE_TLS_REJECT_UNAUTHORIZED'] = value;
      const error = await ending(strict.service.direct({ out_trade_no: 'TLS0000001' }));
      delete machineEnvironment['NODE_TLS_REJECT_UNAUTHORIZED'];
      await strict.close();
      expect(error).toMatchObject({ name: 'OutcomeUnknownError', phase: 'notSent', reason: 'tls' });
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(front.heard).toBe(0);
    },
  );

  it('carries a close where the certificate is trusted', async () => {
    class TrustingPool extends ConnectionPool {
      override agentFor(): Agent {
        return agent;
      }
    }
    const agent = new Agent({ ca: front.certificate, rejectUnauthorized: true });
    const options = { ...shop.emulator.options(), hosts: { mainland: front.origin } };
    const module = await Test.createTestingModule({ imports: [WechatPayModule.forRoot(options)] })
      .overrideProvider(ConnectionPool)
      .useClass(TrustingPool)
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
