import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';
import { WechatPayConfigurationError, type WechatPayModuleOptions } from 'nestjs-wechatpay';
import { Sm2Signer, Sm2Verifier, WECHATPAY2_SM2_WITH_SM3 } from 'nestjs-wechatpay/sm';

import { Traffic } from '../../../lib/environment/traffic.js';
import { readSettings } from '../../../lib/settings/read-settings.js';
import { loadSmCrypto } from '../../../lib/sm/sm-crypto.js';
import { BUILT_IN_SIGNERS, SignerRegistry } from '../../../lib/signers/signer.registry.js';
import { BUILT_IN_VERIFIERS, VerifierRegistry } from '../../../lib/verifiers/verifier.registry.js';
import { certificate, rsaPair } from '../../support/keys.js';
import { sm2Certificate, sm2Pair } from '../../support/sm2-keys.js';

const own = sm2Pair();
const platform = sm2Pair();
const rsa = rsaPair();
const serialNo = '1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C';
const platformSerial = '54E7F59ED8DF4570CFB14780EA8152D45A675EE6';
const publicKeyId = 'PUB_KEY_ID_0119000001092026010100000000000001';

const builtIn = {
  signers: new SignerRegistry(BUILT_IN_SIGNERS.map((BuiltIn) => new BuiltIn(new Traffic()))),
  verifiers: new VerifierRegistry(BUILT_IN_VERIFIERS.map((BuiltIn) => new BuiltIn())),
};
const schemes = {
  signers: new SignerRegistry([...BUILT_IN_SIGNERS.map((BuiltIn) => new BuiltIn(new Traffic())), new Sm2Signer()]),
  verifiers: new VerifierRegistry([...BUILT_IN_VERIFIERS.map((BuiltIn) => new BuiltIn()), new Sm2Verifier()]),
};

/** A merchant that signs with SM2, with a change. */
function options(change: object = {}): WechatPayModuleOptions {
  const publicKeys = { [publicKeyId]: platform.publicPem };
  const apiV3 = { scheme: WECHATPAY2_SM2_WITH_SM3, serialNo, privateKey: own.privatePem, publicKeys, ...change };
  return { merchants: [{ mchid: '1900000109', apiV3 }] };
}

function problemsOf(change: object, spoken = schemes): string[] {
  try {
    readSettings(options(change), spoken);
    return [];
  } catch (error) {
    return (error as WechatPayConfigurationError).issues.map(({ option, problem }) => `${option} ${problem}`);
  }
}

describe('the keys of a merchant that signs with SM2', () => {
  it('are read from PEM, DER, key objects and certificates', () => {
    const der = own.privateKey.export({ type: 'pkcs8', format: 'der' });
    const spki = platform.publicKey.export({ type: 'spki', format: 'der' });
    const certificates = [sm2Certificate(platform, platformSerial)];
    for (const privateKey of [own.privatePem, own.privatePem.replaceAll('\n', '\\n'), der, own.privateKey]) {
      for (const publicKey of [platform.publicPem, spki, platform.publicKey]) {
        const change = { privateKey, publicKeys: { [publicKeyId]: publicKey }, certificates };
        const read = readSettings(options(change), schemes).merchants.find('1900000109')?.apiV3;
        expect(read?.privateKey?.equals(own.privateKey)).toBe(true);
        expect([...(read?.platformKeys.keys() ?? [])]).toEqual([publicKeyId, platformSerial]);
        expect([...(read?.platformKeys.values() ?? [])].every((key) => key.equals(platform.publicKey))).toBe(true);
      }
    }
  });

  it('are read as Node itself makes them, too', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'SM2' });
    expect(problemsOf({ privateKey })).toEqual([]);
    expect(problemsOf({ publicKeys: { [publicKeyId]: publicKey } })).toEqual([]);
  });

  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  it.each([
    ['an RSA private key', { privateKey: rsa.privatePem }, /privateKey is a key of type rsa; SM2, as a named curve/],
    ['a key of another curve', { privateKey: curve.privateKey }, /privateKey is a key of type ec; SM2/],
    ['a curve by its numbers', { publicKeys: { [publicKeyId]: explicitCurve() } }, /is a key of type \w+; SM2, as a/],
    ['an RSA public key', { publicKeys: { [publicKeyId]: rsa.publicPem } }, /PUB_KEY_ID_\d+ is a key of type rsa; SM2/],
    [
      'an RSA certificate',
      { certificates: [certificate(rsa, platformSerial)] },
      /certificates\[0\] is a key of type rsa; SM2/,
    ],
    [
      "the merchant's own public key",
      { publicKeys: { [publicKeyId]: own.publicPem } },
      /is the merchant's own public key; give WeChat Pay's/,
    ],
    [
      "the merchant's own certificate",
      { certificates: [sm2Certificate(own, serialNo)] },
      /is the merchant's own certificate; give WeChat Pay's/,
    ],
    [
      'an SM2 private key in the RSA scheme',
      { scheme: undefined, publicKeys: { [publicKeyId]: rsa.publicPem } },
      /privateKey is not an RSA key; if it is an SM2 key, register the signer and verifier of nestjs-wechatpay\/sm/,
    ],
    [
      'an SM2 public key in the RSA scheme',
      { scheme: undefined, privateKey: rsa.privatePem },
      /PUB_KEY_ID_\d+ is not an RSA key; if it is an SM2 key/,
    ],
  ])('are refused where there is %s', (_, change, problem) => {
    expect(problemsOf(change)).toEqual([expect.stringMatching(problem)]);
  });
});

it('are of no use where signer and verifier are not registered', () => {
  expect(problemsOf({}, builtIn)).toEqual([expect.stringMatching(/apiV3\.scheme names no signer/)]);
  const { signers } = schemes;
  expect(problemsOf({}, { ...builtIn, signers })).toEqual([expect.stringMatching(/apiV3\.scheme names no verifier/)]);
});

/** The public key with its curve spelt out: OpenSSL reads such keys, and whoever sends one may choose the curve. */
function explicitCurve(): Buffer {
  const curveOf =
    '3081ec06072a8648ce3d02013081e0020101302c06072a8648ce3d0101022100fffffffeffffffffffffffffffffffffffffffff00000000ffff' +
    'ffffffffffff30440420fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc042028e9fa9e9d9f5e344d5a9e4bcf65' +
    '09a7f39789f515ab8f92ddbcbd414d940e9304410432c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7bc3736a2f4' +
    'f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0022100fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf409' +
    '39d54123020101';
  return Buffer.from(`30820133${curveOf}034200${platform.publicHex}`, 'hex');
}

it('names the command to run where the library is not installed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nestjs-wechatpay-sm-'));
  try {
    const failure = () => loadSmCrypto(createRequire(join(folder, 'index.js')));
    expect(failure).toThrow(
      /^nestjs-wechatpay\/sm needs the package sm-crypto-v2, which is not installed; run: npm i sm-crypto-v2@1$/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('passes on whatever else is wrong with the library', () => {
  const broken = () => {
    throw new SyntaxError('broken');
  };
  expect(() => loadSmCrypto(broken)).toThrow('broken');
});
