import { sign } from 'node:crypto';

import { expect, it } from '@jest/globals';
import { Signer, type SigningIdentity, WechatPayConfigurationError } from 'nestjs-wechatpay';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { rsaPair } from '../../support/keys.js';
import { ending, openShop } from '../../support/test-shop.js';

const mchid = '1900000109';
const held = rsaPair();

class HoldingSigner extends Signer {
  readonly scheme = 'WECHATPAY2-SHA256-RSA2048';
  override readonly holdsKey = true;
  sign(message: string, { key }: SigningIdentity): string {
    expect(key).toBeUndefined();
    return sign('RSA-SHA256', Buffer.from(message), held.privateKey).toString('base64');
  }
}

const merchants = [{ mchid, publicKey: held.publicPem }];

it('takes the signature of a key that it has only the public half of', async () => {
  const shop = await openShop({ signers: [HoldingSigner] }, { merchants });
  shop.emulator.place({ out_trade_no: 'ELSEWHERE1' });
  expect(await ending(shop.service.direct({ out_trade_no: 'ELSEWHERE1' }))).toMatchObject({ state: 'CLOSED' });
  expect(shop.emulator.requests[0]).toMatchObject({ verdict: 'verified' });
  await shop.close();
});

it('has no private key for the module then, which says so', async () => {
  const emulator = await WechatPayEmulator.start({ merchants });
  expect(emulator.options().merchants[0]?.apiV3).not.toHaveProperty('privateKey');
  await emulator.stop();
  const error: unknown = await openShop({}, { merchants }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(WechatPayConfigurationError);
  expect(String(error)).toContain('privateKey is missing; give the text of apiclient_key.pem, or a signer');
});

it.each([
  ['no key', 'not a key'],
  [
    'a key that is not RSA',
    '-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----',
  ],
])('does not start with %s', async (_, publicKey) => {
  await expect(WechatPayEmulator.start({ merchants: [{ mchid, publicKey }] })).rejects.toThrow();
});
