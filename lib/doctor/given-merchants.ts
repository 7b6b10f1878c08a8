import { KeyObject, X509Certificate } from 'node:crypto';

import { readCertificate, readPrivateKey } from '../merchants/read-key.js';
import { OptionFault } from '../options/option-report.js';

const MERCHANT_NUMBER = /^\d{1,32}$/;

/** A platform certificate among the options. */
export interface GivenCertificate {
  /** Its place in the options. */
  readonly option: string;
  readonly certificate: X509Certificate;
}

/** What can be read of a merchant's options, whether or not they hold. */
export interface GivenMerchant {
  /** Its place in the options: `merchants[0]`. */
  readonly option: string;
  readonly mchid?: string | undefined;
  /** In capitals. */
  readonly serialNo?: string | undefined;
  readonly privateKey?: KeyObject | undefined;
  readonly certificates: readonly GivenCertificate[];
  /** How many public keys there are, readable or not. */
  readonly publicKeys: number;
}

/**
 * Reads what can be read of the merchants. What cannot is left out, since the module's own start says what is wrong with it.
 *
 * @param options - as the application gave them; nothing is taken for granted
 */
export function givenMerchants(options: unknown): readonly GivenMerchant[] {
  const merchants = memberOf(options, 'merchants');
  return Array.isArray(merchants) ? merchants.map(givenMerchant) : [];
}

function givenMerchant(merchant: unknown, index: number): GivenMerchant {
  const option = `merchants[${index}]`;
  const apiV3 = memberOf(merchant, 'apiV3');
  const privateKey = memberOf(apiV3, 'privateKey');
  const publicKeys = memberOf(apiV3, 'publicKeys');
  const given: unknown = memberOf(apiV3, 'certificates');
  const certificates: readonly unknown[] = Array.isArray(given) ? given : [];
  return {
    option,
    mchid: numberOf(memberOf(merchant, 'mchid')),
    serialNo: textOf(memberOf(apiV3, 'serialNo'))?.toUpperCase(),
    privateKey:
      isInput(privateKey) || privateKey instanceof KeyObject
        ? readable(() => readPrivateKey(privateKey, () => undefined))
        : undefined,
    certificates: certificates.flatMap((input, at) => {
      const certificate =
        isInput(input) || input instanceof X509Certificate
          ? readable(() => readCertificate(input, () => undefined))
          : undefined;
      return certificate === undefined ? [] : [{ option: `${option}.apiV3.certificates[${at}]`, certificate }];
    }),
    publicKeys: typeof publicKeys === 'object' && publicKeys !== null ? Object.keys(publicKeys).length : 0,
  };
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const member: unknown = Reflect.get(value, name);
  return member;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A text that is no merchant number is not repeated: it may be a key in the wrong place. */
function numberOf(value: unknown): string | undefined {
  return typeof value === 'string' && MERCHANT_NUMBER.test(value) ? value : undefined;
}

function isInput(value: unknown): value is string | Uint8Array {
  return typeof value === 'string' || value instanceof Uint8Array;
}

function readable<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof OptionFault) return undefined;
    throw error;
  }
}
