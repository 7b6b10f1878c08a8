import type { KeyObject } from 'node:crypto';

import { kindOf } from '../options/kind-of.js';
import type { OptionReport } from '../options/option-report.js';
import type { ApiV3Options, CertificateRegion } from '../wechat-pay.options.js';
import type { CertificateDownloadSettings } from './merchant.js';

const REGIONS: readonly CertificateRegion[] = ['mainland', 'global', 'hk'];
const WAYS =
  'has neither publicKeys nor certificates nor apiV3Key, so no reply could be verified; give one of the three: ' +
  'publicKeys: { PUB_KEY_ID_…: pem } from 商户平台 → API安全 → 微信支付公钥, ' +
  'certificates: the platform certificates, or apiV3Key, with which the certificates are downloaded';

/**
 * Reads whether a merchant's platform certificates are downloaded, and refuses options that leave nothing to verify with.
 *
 * @param options - a merchant's APIv3 options
 * @param apiV3Key - the key that `apiV3Key` was read into
 * @param report - takes every fault
 */
export function readCertificateDownload(
  options: ApiV3Options,
  apiV3Key: KeyObject | undefined,
  report: OptionReport,
): CertificateDownloadSettings | undefined {
  const { publicKeys, certificates, downloadCertificates } = options;
  const hasKeys = Object.keys(publicKeys ?? {}).length + (certificates?.length ?? 0) > 0;
  const place = report.at('downloadCertificates');
  const wanted = downloadCertificates ?? !hasKeys;
  if (wanted === false) return hasKeys ? undefined : report.fault(WAYS);
  const atStart = wanted === true ? [] : readRegions(wanted, place);
  if (options.apiV3Key === undefined) {
    return downloadCertificates === undefined
      ? report.fault(WAYS)
      : place.fault('needs apiV3Key, which decrypts the certificates; give the 32 characters of APIv3密钥');
  }
  return apiV3Key && atStart && { apiV3Key, atStart };
}

function readRegions(given: unknown, report: OptionReport): readonly CertificateRegion[] | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return report.fault(`is ${kindOf(given)}; give true, false or { atStart: ['mainland'] }`);
  }
  report.refuseUnknown(given, ['atStart']);
  const regions: unknown = Object.getOwnPropertyDescriptor(given, 'atStart')?.value;
  if (Array.isArray(regions) && regions.every(isRegion)) return regions;
  return report.at('atStart').fault(`is no list of regions; there are ${REGIONS.join(', ')}`);
}

function isRegion(value: unknown): value is CertificateRegion {
  return REGIONS.some((region) => region === value);
}
