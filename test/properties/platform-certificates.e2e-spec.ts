import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import fc from 'fast-check';
import { EmulatorKeys, type Fault, type PlatformKey, WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { selfSignedCertificate } from '../../lib/emulator/keys/self-signed-certificate.js';
import { MerchantRegistry } from '../../lib/merchants/merchant.registry.js';
import { PlatformKeyStore } from '../../lib/platform-keys/platform-key.store.js';
import { ending, keys, openShop } from '../support/test-shop.js';

const HOUR_MS = 3_600_000;
const LIST = '/v3/certificates';
/** Keys take long to make and little to use again. */
const pool = [keys.platform, keys.publicKey, EmulatorKeys.generate().platform].map(({ privateKey }) => privateKey);
let serials = 0;

/** A new certificate that is valid from a time on. */
function certificateAt(now: number, until: number): PlatformKey {
  const serial = (++serials).toString(16).toUpperCase().padStart(40, 'C');
  const [first] = pool;
  const privateKey = pool[serials % pool.length] ?? first;
  if (privateKey === undefined) throw new Error('there are no keys');
  const [notBefore, notAfter] = [new Date(now - 2_000), new Date(until)];
  const content = { privateKey, serialNo: serial, commonName: 'test', organization: 'test', notBefore, notAfter };
  return { serial, privateKey, certificate: selfSignedCertificate(content) };
}

type Step =
  | { readonly do: 'rotate'; readonly signs: 'new' | 'old' | 'both'; readonly hours: number }
  | { readonly do: 'retire' | 'refresh' | 'close' | 'forge' }
  | { readonly do: 'wait'; readonly hours: number }
  | { readonly do: 'spoil'; readonly fault: Fault };

const spoiling: readonly Fault[] = [
  ...(['missing', 'empty', 'wrongKey', 'tampered', 'serialMismatch', 'expired', 'notYetValid', 'weakKey'] as const).map(
    (make): Fault => ({ kind: 'certificates', make }),
  ),
  { kind: 'systemError' },
  { kind: 'html' },
  { kind: 'wrongSignature' },
  { kind: 'unsigned' },
  { kind: 'refuse' },
];
const step = fc.oneof(
  fc.record({
    do: fc.constant('rotate' as const),
    signs: fc.constantFrom('new' as const, 'old' as const, 'both' as const),
    hours: fc.integer({ min: 1, max: 200 }),
  }),
  fc.record({ do: fc.constantFrom('retire' as const, 'refresh' as const, 'close' as const, 'forge' as const) }),
  fc.record({ do: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 100 }) }),
  fc.record({ do: fc.constant('spoil' as const), fault: fc.constantFrom(...spoiling) }),
) satisfies fc.Arbitrary<Step>;

describe('the platform certificates of a merchant', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['error', 'warn', 'log']));

  it('are never without one that works, once there was one, whatever is rotated, fails or is forged', async () => {
    let refreshes = 0;
    let forgeries = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
        const model = await WechatPayEmulator.start({ keys });
        const { merchants } = model.options('download');
        await model.stop();
        const shop = await openShop({ merchants });
        const { emulator } = shop;
        const { mchid = '', apiV3 } = shop.app.get(MerchantRegistry, { strict: false }).sole ?? {};
        const own = apiV3 && shop.app.get(PlatformKeyStore, { strict: false }).certificatesOf(mchid, apiV3, 'mainland');
        if (own === undefined) throw new Error('nothing is downloaded');
        /** The serials of all that WeChat Pay has listed. */
        const genuine = new Set<string>();
        /** When the listed ones expire, the newest first: a new one lasts longer. WeChat Pay signs with no old one that has. */
        let expiries: number[] = [];
        const isOver = (expiry: number) => expiry <= emulator.clock.now();
        const rotate = (signs: 'new' | 'old' | 'both', hours: number) => {
          const until = Math.max(emulator.clock.now(), ...expiries) + hours * HOUR_MS;
          const certificate = certificateAt(emulator.clock.now(), until);
          genuine.add(certificate.serial);
          emulator.rotateCertificate({ signs, certificate });
          expiries = [until, ...expiries];
        };
        const retire = () => {
          emulator.retireCertificates();
          expiries = expiries.slice(0, 1);
        };
        rotate('new', 50);
        retire();
        let number = 0;
        const close = async () => {
          const out_trade_no = `PROP${String(++number).padStart(6, '0')}`;
          emulator.place({ out_trade_no });
          return ending(shop.service.direct({ out_trade_no }));
        };
        try {
          expect(await close()).toMatchObject({ state: 'CLOSED' });
          for (const move of steps) {
            if (move.do === 'rotate') rotate(move.signs, move.hours);
            if (move.do === 'wait') emulator.clock.advance(move.hours * HOUR_MS);
            if (move.do === 'retire' || expiries.slice(1).some(isOver)) retire();
            if (move.do === 'close') await close();
            if (move.do === 'spoil') emulator.faults.add({ ...move.fault, when: { path: LIST, times: 1 } });
            if (move.do === 'refresh') {
              refreshes++;
              const fault = await own.refresh();
              // What WeChat Pay lists is believed as soon as a refresh has succeeded.
              if (fault === undefined) expect(await close()).toMatchObject({ state: 'CLOSED' });
            }
            if (move.do === 'forge') {
              forgeries++;
              const forged = certificateAt(emulator.clock.now(), emulator.clock.now() + HOUR_MS);
              const undo = emulator.afterSigning((reply, { request, sign }) =>
                request.url === LIST ? undefined : sign(reply, { serial: forged.serial }),
              );
              expect(await close()).toMatchObject({ name: 'OutcomeUnknownError', authenticated: false });
              undo();
            }
            expect(own.believed.length).toBeGreaterThan(0);
            for (const { serial } of own.believed) expect(genuine.has(serial)).toBe(true);
          }
        } finally {
          await shop.close();
        }
      }),
      { numRuns: 150 },
    );
    expect([refreshes, forgeries].every((count) => count > 20)).toBe(true);
  }, 120_000);
});
