import { describe, it } from '@jest/globals';
import {
  HmacSha256Signer,
  HmacSha256Verifier,
  Md5Signer,
  Md5Verifier,
  RsaSha256Signer,
  RsaSha256Verifier,
} from 'nestjs-wechatpay';
import { Sm2Signer, Sm2Verifier, WECHATPAY2_SM2_WITH_SM3 } from 'nestjs-wechatpay/sm';
import { signerConformance, verifierConformance } from 'nestjs-wechatpay/testing';

import { sm2 } from '../../lib/sm/sm-crypto.js';
import { sm2Pair } from '../support/sm2-keys.js';

const userId = '1234567812345678';
const sm2Merchants = ['1900000109', '1900000110'].map((mchid) => {
  const { privateKey, publicKey, publicHex } = sm2Pair();
  return { mchid, key: privateKey, checkKey: publicKey, publicHex };
});

describe.each([
  ['MD5', Md5Signer],
  ['HMAC-SHA256', HmacSha256Signer],
  ['WECHATPAY2-SHA256-RSA2048', RsaSha256Signer],
])('our signer of %s', (scheme, OurSigner) => {
  it.each(signerConformance(() => new OurSigner(), { scheme }))('$name', ({ run }) => run());
});

describe('our signer of SM2', () => {
  const verify = (message: Uint8Array, signature: string, merchant: { readonly mchid: string }) => {
    const { publicHex = '' } = sm2Merchants.find(({ mchid }) => mchid === merchant.mchid) ?? {};
    const hex = Buffer.from(signature, 'base64').toString('hex');
    return sm2.doVerifySignature(message, hex, publicHex, { hash: true, der: true, userId });
  };
  const options = { scheme: WECHATPAY2_SM2_WITH_SM3, merchants: sm2Merchants, verify };
  it.each(signerConformance(() => new Sm2Signer(), options))('$name', ({ run }) => run());
});

describe.each([
  ['MD5', Md5Verifier],
  ['HMAC-SHA256', HmacSha256Verifier],
  ['WECHATPAY2-SHA256-RSA2048', RsaSha256Verifier],
])('our verifier of %s', (scheme, OurVerifier) => {
  it.each(verifierConformance(() => new OurVerifier(), { scheme }))('$name', ({ run }) => run());
});

describe('our verifier of SM2', () => {
  const makeSignatory = () => {
    const { publicKey, privateHex } = sm2Pair();
    const signed = (message: Uint8Array, options: { readonly userId?: string; readonly hash: boolean }) =>
      Buffer.from(sm2.doSignature(message, privateHex, { der: true, ...options }), 'hex').toString('base64');
    return {
      key: publicKey,
      sign: (message: Uint8Array) => signed(message, { hash: true, userId }),
      lookalikes: (message: Uint8Array) => [
        signed(message, { hash: true, userId: 'another' }),
        signed(message, { hash: false }),
      ],
    };
  };
  const options = { scheme: WECHATPAY2_SM2_WITH_SM3, makeSignatory };
  it.each(verifierConformance(() => new Sm2Verifier(), options))('$name', ({ run }) => run());
});
