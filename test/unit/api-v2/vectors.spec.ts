import { createSecretKey } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { canonicalString } from '../../../lib/api-v2/canonical-string.js';
import { HmacSha256Signer } from '../../../lib/signers/hmac-sha256.signer.js';
import { Md5Signer } from '../../../lib/signers/md5.signer.js';
import { HmacSha256Verifier } from '../../../lib/verifiers/hmac-sha256.verifier.js';
import { Md5Verifier } from '../../../lib/verifiers/md5.verifier.js';

const key = createSecretKey(Buffer.from('192006250b4c09247ec02edce69f6a2d'));
const identity = { mchid: '10000100', key };

/** Vectors V1, V2, D5 and D6 of the protocol sheet: WeChat Pay's own example and a close signed the same way. */
const example = {
  fields: {
    nonce_str: 'ibuaiVcKdpRxkhJA',
    mch_id: '10000100',
    device_info: '1000',
    body: 'test',
    appid: 'wxd930ea5d5a258f4f',
  },
  canonical: 'appid=wxd930ea5d5a258f4f&body=test&device_info=1000&mch_id=10000100&nonce_str=ibuaiVcKdpRxkhJA',
};
const close = {
  appid: 'wx2421b1c4370ec43b',
  mch_id: '10000100',
  nonce_str: '4ca93f17ddf3443ceabf72f26d64fe0e',
  out_trade_no: '1415983244',
};

describe('canonicalString', () => {
  it('sorts by name and joins raw values', () => {
    expect(canonicalString(Object.entries(example.fields))).toBe(example.canonical);
  });

  it('leaves out sign and empty values, and keeps unknown fields', () => {
    expect(canonicalString(Object.entries({ sign: 'X', b: '', a: '1 &=', Z: '2', unknown: '中' }))).toBe(
      'Z=2&a=1 &=&unknown=中',
    );
  });

  it('sorts byte by byte, upper case before lower', () => {
    expect(canonicalString(Object.entries({ a_b: '1', aB: '2', ab: '3', a1: '4' }))).toBe('a1=4&aB=2&a_b=1&ab=3');
  });
});

describe.each([
  ['V1, MD5', new Md5Signer(), new Md5Verifier(), example.fields, '9A0A8659F005D6984697E2CA0A9CF3B7'],
  [
    'V2, HMAC-SHA256',
    new HmacSha256Signer(),
    new HmacSha256Verifier(),
    example.fields,
    '6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6',
  ],
  ['D5, MD5', new Md5Signer(), new Md5Verifier(), close, '8D2363E7A0948301A065F369DEB9011B'],
  [
    'D6, HMAC-SHA256',
    new HmacSha256Signer(),
    new HmacSha256Verifier(),
    { ...close, sign_type: 'HMAC-SHA256' },
    'B2B78B206EDC0392055030BC16EA076A70BFBC2351B34CFFAF3F32D521C8B231',
  ],
])('vector %s', (_, signer, verifier, fields, signature) => {
  const message = canonicalString(Object.entries(fields));

  it('is what the signer signs', () => {
    expect(signer.sign(message, identity)).toBe(signature);
  });

  it('is what the verifier believes, and nothing else', () => {
    const evidence = { message: Buffer.from(message), signature, key };
    expect(verifier.matches(evidence)).toBe(true);
    expect(verifier.matches({ ...evidence, signature: signature.toLowerCase() })).toBe(false);
    expect(verifier.matches({ ...evidence, signature: signature.slice(1) })).toBe(false);
    expect(verifier.matches({ ...evidence, message: Buffer.from(`${message}&x=1`) })).toBe(false);
  });
});
