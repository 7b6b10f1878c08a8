import { kindOf } from '../options/kind-of.js';
import type { OptionReport } from '../options/option-report.js';
import type { SignerRegistry } from '../signers/signer.registry.js';
import type { VerifierRegistry } from '../verifiers/verifier.registry.js';
import { HMAC_SHA256, MD5, WECHATPAY2_SHA256_RSA2048 } from '../wechat-pay.constants.js';
import type { ApiV2Options, ApiV3Options, MerchantOptions } from '../wechat-pay.options.js';
import type { ApiV2Credentials, ApiV3Credentials, Merchant } from './merchant.js';
import { readCertificateDownload } from './read-certificate-download.js';
import { readPlatformKeys } from './read-platform-keys.js';
import { readPrivateKey } from './read-key.js';
import { readSecret } from './read-secret.js';

/** The schemes that can be signed and verified. */
export interface Schemes {
  readonly signers: SignerRegistry;
  readonly verifiers: VerifierRegistry;
}

const OTHER_API: Readonly<Record<'v2' | 'v3', readonly string[]>> = {
  v2: [WECHATPAY2_SHA256_RSA2048],
  v3: [MD5, HMAC_SHA256],
};

const API_V3_OPTIONS: readonly (keyof ApiV3Options)[] = [
  'serialNo',
  'privateKey',
  'publicKeys',
  'certificates',
  'apiV3Key',
  'downloadCertificates',
  'scheme',
];

const V2_KEY_PLACE = '商户平台 → 账户中心 → API安全 → APIv2密钥';
const V3_KEY_PLACE = '商户平台 → 账户中心 → API安全 → APIv3密钥';

/**
 * Checks one merchant's options and parses its keys.
 *
 * @param options - as the application gave them; nothing is taken for granted
 * @param report - takes every fault
 * @param schemes - what can be signed and verified
 * @returns the merchant, or `undefined` where its number or shape is wrong
 */
export function readMerchant(options: MerchantOptions, report: OptionReport, schemes: Schemes): Merchant | undefined {
  if (typeof options !== 'object' || options === null)
    return report.fault(`is ${kindOf(options)}; give { mchid, apiV2?, apiV3? }`);
  report.refuseUnknown(options, ['mchid', 'appid', 'apiV2', 'apiV3']);
  const { mchid, appid, apiV2, apiV3 } = options;
  if (typeof mchid !== 'string' || !/^\d{1,32}$/.test(mchid)) {
    report
      .at('mchid')
      .fault(
        `is ${typeof mchid === 'string' ? 'not a merchant number' : kindOf(mchid)}; give the 1 to 32 digits of 商户号 as a string`,
      );
  }
  if (appid !== undefined && (typeof appid !== 'string' || !/^[0-9A-Za-z_-]{1,32}$/.test(appid))) {
    report.at('appid').fault('is not an appid; it has at most 32 letters and digits, like wx8888888888888888');
  }
  if (apiV2 === undefined && apiV3 === undefined)
    report.fault('has neither apiV2 nor apiV3; give the keys of at least one');
  return {
    mchid,
    appid,
    apiV2: apiV2 === undefined ? undefined : readApiV2(apiV2, report.at('apiV2'), schemes),
    apiV3: apiV3 === undefined ? undefined : readApiV3(apiV3, report.at('apiV3'), schemes),
  };
}

function readApiV2(options: ApiV2Options, report: OptionReport, schemes: Schemes): ApiV2Credentials | undefined {
  if (typeof options !== 'object' || options === null)
    return report.fault(`is ${kindOf(options)}; give { key, signType? }`);
  report.refuseUnknown(options, ['key', 'signType']);
  const signType = options.signType ?? HMAC_SHA256;
  refuseUnknownScheme(signType, 'v2', report.at('signType'), schemes);
  const key = report.at('key').attempt(() => readSecret(options.key, V2_KEY_PLACE));
  return key === undefined ? undefined : { key, signType };
}

function readApiV3(options: ApiV3Options, report: OptionReport, schemes: Schemes): ApiV3Credentials | undefined {
  if (typeof options !== 'object' || options === null) {
    return report.fault(`is ${kindOf(options)}; give { serialNo, privateKey, publicKeys }`);
  }
  report.refuseUnknown(options, API_V3_OPTIONS);
  const scheme = options.scheme ?? WECHATPAY2_SHA256_RSA2048;
  refuseUnknownScheme(scheme, 'v3', report.at('scheme'), schemes);
  const serialNo = readSerial(options.serialNo, report.at('serialNo'));
  const apiV3Key =
    options.apiV3Key === undefined
      ? undefined
      : report.at('apiV3Key').attempt(() => readSecret(options.apiV3Key, V3_KEY_PLACE));
  const { privateKey: input } = options;
  const signer = schemes.signers.find(scheme);
  const verifier = schemes.verifiers.find(scheme);
  const privateKey =
    input === undefined
      ? undefined
      : report.at('privateKey').attempt(() => readPrivateKey(input, (key) => signer?.keyFault(key)));
  if (input === undefined && signer?.holdsKey !== true) {
    report.at('privateKey').fault('is missing; give the text of apiclient_key.pem, or a signer that holds the key');
  }
  const platformKeys = readPlatformKeys(options, privateKey, (key) => verifier?.keyFault(key), report);
  const download = readCertificateDownload(options, apiV3Key, report);
  const [preferredSerial] = platformKeys.keys();
  if (serialNo === undefined || (preferredSerial === undefined && download === undefined)) return undefined;
  return { serialNo, privateKey, platformKeys, preferredSerial, apiV3Key, download, scheme };
}

/** WeChat Pay writes serial numbers in capitals; tools often do not. */
function readSerial(serialNo: unknown, report: OptionReport): string | undefined {
  if (typeof serialNo !== 'string') {
    return report.fault(
      `is ${kindOf(serialNo)}; give the serial number of apiclient_cert.pem as a string (openssl x509 -in apiclient_cert.pem -noout -serial)`,
    );
  }
  if (serialNo.startsWith('PUB_KEY_ID_')) {
    return report.fault("is the id of WeChat Pay's public key; give the serial number of your own apiclient_cert.pem");
  }
  if (!/^[0-9A-Fa-f]{1,40}$/.test(serialNo)) {
    return report.fault('is not a serial number: 1 to 40 hexadecimal digits, without colons, spaces or 0x');
  }
  return serialNo.toUpperCase();
}

function refuseUnknownScheme(
  scheme: unknown,
  api: 'v2' | 'v3',
  report: OptionReport,
  { signers, verifiers }: Schemes,
): void {
  if (typeof scheme !== 'string' || signers.find(scheme) === undefined) {
    report.fault(`names no signer; the signers speak ${signers.schemes.join(', ')}`);
  } else if (OTHER_API[api].includes(scheme)) {
    report.fault(
      `is a scheme of the other API; ${api === 'v2' ? 'MD5 or HMAC-SHA256' : WECHATPAY2_SHA256_RSA2048} is one of this`,
    );
  } else if (verifiers.find(scheme) === undefined) {
    report.fault(`names no verifier; the verifiers speak ${verifiers.schemes.join(', ')}`);
  }
}
