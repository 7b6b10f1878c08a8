import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Controller, Get, type INestApplication, Inject, Module } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { HealthCheck, HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { Test } from '@nestjs/testing';
import {
  Clock,
  CloseOrderService,
  WechatPayDoctor,
  WechatPayModule,
  type WechatPayModuleOptions,
} from 'nestjs-wechatpay';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import { WechatPayHealthIndicator } from 'nestjs-wechatpay/health';

import { selfSignedCertificate } from '../../lib/emulator/keys/self-signed-certificate.js';
import { rsaPair } from '../support/keys.js';
import { ending, keys } from '../support/test-shop.js';

const DAY_MS = 86_400_000;
const NEVER_ASKED = 'http://127.0.0.1:1';
const own = rsaPair();
const platform = rsaPair();

@Controller('health')
class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(WechatPayHealthIndicator) private readonly wechatPay: WechatPayHealthIndicator,
  ) {}

  @Get()
  @HealthCheck()
  check() {
    return this.health.check([() => this.wechatPay.isHealthy()]);
  }
}

@Module({
  imports: [TerminusModule.forRoot({ logger: false })],
  controllers: [HealthController],
  providers: [WechatPayHealthIndicator],
})
class HealthModule {}

let emulator: WechatPayEmulator;
let app: INestApplication<Server>;
let now: number;
beforeAll(async () => {
  emulator = await WechatPayEmulator.start({ keys });
});
afterEach(async () => {
  await app.close();
  emulator.reset();
});
afterAll(() => emulator.stop());

/** Starts a shop with a health controller. */
async function open(change: Partial<WechatPayModuleOptions> = {}): Promise<void> {
  now = Math.floor(Date.now() / 1_000) * 1_000;
  const options = { ...emulator.options(), hosts: { mainland: emulator.url, overseas: NEVER_ASKED }, ...change };
  const module = await Test.createTestingModule({
    imports: [WechatPayModule.forRoot({ isGlobal: true, ...options }), HealthModule],
  })
    .overrideProvider(Clock)
    .useValue({ now: () => now })
    .compile();
  app = module.createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
}

async function probe() {
  const response = await fetch(`http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}/health`);
  const text = await response.text();
  const body = JSON.parse(text) as { status: string; details: { wechatPay: Record<string, unknown> } };
  return { status: response.status, overall: body.status, text, wechatPay: body.details.wechatPay };
}

/** Options with certificates alone, each valid from and to so many days from now. */
function certified(...spans: readonly (readonly [from: number, to: number])[]): Partial<WechatPayModuleOptions> {
  const certificates = spans.map(([from, to], index) =>
    selfSignedCertificate({
      privateKey: platform.privateKey,
      serialNo: `ABCDEF0${index}`,
      commonName: 'Tenpay.com sign',
      organization: 'test',
      notBefore: new Date(Date.now() + from * DAY_MS),
      notAfter: new Date(Date.now() + to * DAY_MS),
    }),
  );
  const { merchants } = emulator.options();
  return {
    merchants: merchants.map(({ apiV3, ...merchant }) => ({
      ...merchant,
      ...(apiV3 && { apiV3: { serialNo: apiV3.serialNo, privateKey: own.privatePem, certificates } }),
    })),
  };
}

describe('the health indicator', () => {
  it('tells keys, ages and hosts over HTTP without asking WeChat Pay', async () => {
    await open();
    const loadedAt = new Date(now).toISOString();
    now += 90_000;
    const { status, overall, wechatPay } = await probe();
    expect([status, overall]).toEqual([200, 'ok']);
    expect(wechatPay).toEqual({
      status: 'up',
      merchants: 1,
      keys: { publicKeys: 1, certificates: 0, loadedAt, ageSeconds: 90 },
      lastGoodReply: { [emulator.url]: null, [NEVER_ASKED]: null },
      problems: [],
    });
    expect(emulator.requests).toEqual([]);
  });

  it('tells when each host last gave a verified reply, and how the clock stood then', async () => {
    await open();
    now += 100_000;
    emulator.clock.set(new Date(now - 5_000));
    emulator.place({ out_trade_no: 'HEALTH0001' });
    await ending(app.get(CloseOrderService, { strict: false }).direct({ out_trade_no: 'HEALTH0001' }));
    const heardAt = new Date(now).toISOString();
    now += 7_000;
    expect((await probe()).wechatPay).toMatchObject({
      status: 'up',
      clock: { skewSeconds: 5, seenAt: heardAt },
      lastGoodReply: { [emulator.url]: heardAt, [NEVER_ASKED]: null },
    });
  });

  it('counts signed refusals as good replies, and nothing that is not signed', async () => {
    await open({ confirm: 'never', retry: { attempts: 1 } });
    const close = () => ending(app.get(CloseOrderService, { strict: false }).direct({ out_trade_no: 'HEALTH0002' }));
    const fault = emulator.faults.add({ kind: 'unsigned' });
    await close();
    expect((await probe()).wechatPay).toMatchObject({ lastGoodReply: { [emulator.url]: null } });
    emulator.faults.remove(fault.id);
    expect(await close()).toMatchObject({ name: 'OrderNotFoundError' });
    expect((await probe()).wechatPay).toMatchObject({ lastGoodReply: { [emulator.url]: new Date(now).toISOString() } });
  });

  it("takes the doctor's self-test for a good reply, too", async () => {
    await open({ hosts: { mainland: emulator.url, overseas: emulator.url } });
    await app.get(WechatPayDoctor, { strict: false }).examine({ online: true });
    expect((await probe()).wechatPay).toMatchObject({ lastGoodReply: { [emulator.url]: new Date(now).toISOString() } });
  });

  it('is down while the clock is more than 300 s off, and up again once it is right', async () => {
    await open();
    const close = () => ending(app.get(CloseOrderService, { strict: false }).direct({ out_trade_no: 'HEALTH0003' }));
    emulator.clock.set(new Date(now + 301_000));
    await close();
    expect(await probe()).toMatchObject({
      status: 503,
      overall: 'error',
      wechatPay: {
        status: 'down',
        problems: ["This machine's clock is 301 s behind WeChat Pay's; no signature is accepted."],
      },
    });
    emulator.clock.set(new Date(now));
    await close();
    expect(await probe()).toMatchObject({ status: 200, wechatPay: { status: 'up', clock: { skewSeconds: 0 } } });
  });

  it('is up with a warning while a certificate is about to expire', async () => {
    await open(certified([-10, 20], [-10, 500]));
    const { status, wechatPay } = await probe();
    expect([status, wechatPay['status']]).toEqual([200, 'up']);
    expect(wechatPay).toMatchObject({
      keys: { publicKeys: 0, certificates: 2, nextExpiry: expect.stringMatching(/^20/) },
      problems: [
        expect.stringMatching(/^Platform certificate ABCDEF00 of merchant 1900000109 expires on \d{4}-\d\d-\d\d\.$/),
      ],
    });
    expect(Math.round((Date.parse((wechatPay['keys'] as { nextExpiry: string }).nextExpiry) - now) / DAY_MS)).toBe(20);
  });

  it('is down once no key of a merchant is valid', async () => {
    await open(certified([-10, 1], [-10, 2]));
    now += 1.5 * DAY_MS;
    expect(await probe()).toMatchObject({
      status: 200,
      wechatPay: {
        problems: [/ABCDEF00 .* expired on/, /ABCDEF01 .* expires on/].map((words) => expect.stringMatching(words)),
      },
    });
    now += DAY_MS;
    expect(await probe()).toMatchObject({ status: 503, wechatPay: { status: 'down' } });
  });

  it('tells nothing secret', async () => {
    await open();
    const { text } = await probe();
    const [merchant] = emulator.credentials.merchants;
    for (const secret of [merchant?.apiV2Key, merchant?.apiV3Key, 'BEGIN', 'PRIVATE'])
      expect(text).not.toContain(secret);
  });
});
