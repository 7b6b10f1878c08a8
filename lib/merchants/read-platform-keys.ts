import { createPublicKey, type KeyObject } from 'node:crypto';

import { kindOf } from '../options/kind-of.js';
import { OptionFault, type OptionReport } from '../options/option-report.js';
import type { ApiV3Options } from '../wechat-pay.options.js';
import { type KeyCheck, readCertificate, readPublicKey } from './read-key.js';

const PUBLIC_KEY_ID = /^PUB_KEY_ID_[0-9A-Za-z]+$/;

/**
 * Reads WeChat Pay's public keys and platform certificates into one map by serial. Public keys come first, since they
 * are what WeChat Pay recommends, and the first serial is the one that requests ask for.
 *
 * @param options - a merchant's APIv3 options
 * @param privateKey - the merchant's own key, to notice its own certificate among the platform's
 * @param faultOf - the check of the scheme's verifier
 * @param report - takes every fault
 */
export function readPlatformKeys(
  options: ApiV3Options,
  privateKey: KeyObject | undefined,
  faultOf: KeyCheck,
  report: OptionReport,
): ReadonlyMap<string, KeyObject> {
  const { publicKeys = {}, certificates = [], serialNo } = options;
  const keys = new Map<string, KeyObject>();
  const ownKey = privateKey === undefined ? undefined : createPublicKey(privateKey);
  if (typeof publicKeys !== 'object' || publicKeys === null || Array.isArray(publicKeys)) {
    report.at('publicKeys').fault(`is ${kindOf(publicKeys)}; give an object: { PUB_KEY_ID_…: pem }`);
    return keys;
  }
  const isList: boolean = Array.isArray(certificates);
  if (!isList) {
    report.at('certificates').fault(`is ${kindOf(certificates)}; give an array of platform certificates`);
    return keys;
  }
  for (const [id, input] of Object.entries(publicKeys)) {
    report
      .at('publicKeys')
      .at(id)
      .attempt(() => {
        if (!PUBLIC_KEY_ID.test(id)) throw new OptionFault('is not a public key id; it begins with PUB_KEY_ID_');
        keys.set(id, notOwn(readPublicKey(input, faultOf), ownKey, 'public key'));
      });
  }
  certificates.forEach((input, index) => {
    report
      .at('certificates')
      .at(index)
      .attempt(() => {
        const certificate = readCertificate(input, faultOf);
        const own = typeof serialNo === 'string' && certificate.serialNumber.toUpperCase() === serialNo.toUpperCase();
        keys.set(
          certificate.serialNumber,
          notOwn(certificate.publicKey, own ? certificate.publicKey : ownKey, 'certificate'),
        );
      });
  });
  return keys;
}

/** Not `KeyObject.equals`: where types differ, it leaves an OpenSSL error behind, at which the next key to be read fails. */
function isSameKey(a: KeyObject, b: KeyObject): boolean {
  const [left, right] = [a, b].map((key) => key.export({ type: 'spki', format: 'der' }).toString('hex'));
  return left === right;
}

function notOwn(key: KeyObject, ownKey: KeyObject | undefined, kind: string): KeyObject {
  if (ownKey === undefined || !isSameKey(ownKey, key)) return key;
  throw new OptionFault(`is the merchant's own ${kind}; give WeChat Pay's, which verifies its replies`);
}
