import type { X509Certificate } from 'node:crypto';

import { readCertificate } from '../merchants/read-key.js';
import { OptionFault } from '../options/option-report.js';
import type { CertificateInput } from '../wechat-pay.options.js';
import { commonNameOf, isOf, lifetimeOf } from './certificate-facts.js';
import type { Finding } from './finding.js';
import type { GivenMerchant } from './given-merchants.js';
import { validityFindings } from './validity-findings.js';

const GIVE_OWN = "Give the merchant's own certificate, apiclient_cert.pem, which came with apiclient_key.pem.";
const RENEWAL =
  'Apply for a new one in 商户平台 → 账户中心 → API安全 → 商户API证书, and change privateKey and serialNo.';
const PLATFORM_NAME = /tenpay/i;
const MERCHANT_NUMBER = /^\d{1,32}$/;

/**
 * Holds a merchant's own certificate, which the module itself does not need, against the options.
 *
 * @param input - `apiclient_cert.pem`
 * @param merchants - what could be read of the options
 * @param now - in milliseconds
 */
export function ownCertificateFindings(
  input: CertificateInput,
  merchants: readonly GivenMerchant[],
  now: number,
): readonly Finding[] {
  const certificate = readOr(input, (fault) => fault);
  if (typeof certificate === 'string') {
    const message = `The merchant's certificate that was given ${certificate}.`;
    return [{ severity: 'error', code: 'certificateUnreadable', message, remedy: GIVE_OWN }];
  }
  const name = commonNameOf(certificate);
  if (PLATFORM_NAME.test(name ?? '') || isAmongPlatforms(certificate, merchants)) {
    const message = "The certificate that was given as the merchant's is a platform certificate of WeChat Pay.";
    return [{ severity: 'error', code: 'platformCertificateAsMerchant', message, remedy: GIVE_OWN }];
  }
  const merchant = merchantOf(certificate, merchants);
  if (merchant === undefined) {
    const message = `The certificate that was given (serial number ${certificate.serialNumber}) belongs to none of the merchants.`;
    return [{ severity: 'warning', code: 'certificateOfNobody', message, remedy: GIVE_OWN }];
  }
  const about = merchant.mchid === undefined ? {} : { merchant: merchant.mchid };
  const what = `The certificate of merchant ${merchant.mchid ?? merchant.option}`;
  const role = { severity: 'error', renewal: RENEWAL } as const;
  return [...comparison(certificate, merchant), ...validityFindings(about, what, lifetimeOf(certificate), now, role)];
}

function readOr(input: CertificateInput, otherwise: (fault: string) => string): X509Certificate | string {
  try {
    return readCertificate(input, () => undefined);
  } catch (error) {
    // After the semicolon it says what to give for a platform certificate.
    if (error instanceof OptionFault) return otherwise(error.message.split(';', 1)[0] ?? '');
    throw error;
  }
}

function isAmongPlatforms({ fingerprint256 }: X509Certificate, merchants: readonly GivenMerchant[]): boolean {
  return merchants.some(({ certificates, privateKey }) =>
    certificates.some(
      ({ certificate }) =>
        certificate.fingerprint256 === fingerprint256 && !(privateKey !== undefined && isOf(certificate, privateKey)),
    ),
  );
}

function merchantOf(certificate: X509Certificate, merchants: readonly GivenMerchant[]): GivenMerchant | undefined {
  const name = commonNameOf(certificate);
  const [sole, ...others] = merchants;
  return (
    merchants.find(({ privateKey }) => privateKey !== undefined && isOf(certificate, privateKey)) ??
    merchants.find(({ serialNo }) => serialNo === certificate.serialNumber) ??
    merchants.find(({ mchid }) => mchid !== undefined && mchid === name) ??
    (others.length === 0 ? sole : undefined)
  );
}

function comparison(certificate: X509Certificate, merchant: GivenMerchant): readonly Finding[] {
  const { option: place, mchid, serialNo, privateKey } = merchant;
  const findings: Finding[] = [];
  const add = (code: Finding['code'], option: string, message: string, remedy: string) => {
    findings.push({
      severity: 'error',
      code,
      option,
      ...(mchid !== undefined && { merchant: mchid }),
      message,
      remedy,
    });
  };
  const name = commonNameOf(certificate);
  if (mchid !== undefined && MERCHANT_NUMBER.test(name ?? '') && name !== mchid) {
    const message = `${place}.mchid is ${mchid}, but the certificate is that of merchant ${name}.`;
    add('certificateOfOtherMerchant', `${place}.mchid`, message, 'Give number, key and certificate of one merchant.');
  }
  if (privateKey !== undefined && !isOf(certificate, privateKey)) {
    const message = `${place}.apiV3.privateKey does not belong to the merchant's certificate: they are not a pair.`;
    const remedy = `Give apiclient_key.pem and apiclient_cert.pem from one and the same download.`;
    add('notAPair', `${place}.apiV3.privateKey`, message, remedy);
  }
  if (serialNo !== undefined && serialNo !== certificate.serialNumber) {
    const message = `${place}.apiV3.serialNo is not the serial number of the merchant's certificate, which is ${certificate.serialNumber}.`;
    const remedy = `Set serialNo to ${certificate.serialNumber}, if privateKey is the key of this certificate.`;
    add('serialMismatch', `${place}.apiV3.serialNo`, message, remedy);
  }
  return findings;
}
