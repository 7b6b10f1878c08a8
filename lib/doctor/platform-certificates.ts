import { commonNameOf, isOf, lifetimeOf, validityOf } from './certificate-facts.js';
import type { Finding } from './finding.js';
import type { GivenCertificate, GivenMerchant } from './given-merchants.js';
import { validityFindings } from './validity-findings.js';

const RENEWAL =
  "Download the new platform certificate and add it to certificates, or go over to WeChat Pay's public key (商户平台 → 账户中心 → API安全 → 微信支付公钥), which does not expire.";

/**
 * Examines the platform certificates of a merchant's options: whose they are, and for how long they are valid.
 *
 * @param merchant - what could be read of its options
 * @param now - in milliseconds
 */
export function platformCertificateFindings(merchant: GivenMerchant, now: number): readonly Finding[] {
  const hasOther = (given: GivenCertificate) =>
    merchant.publicKeys > 0 ||
    merchant.certificates.some((other) => other !== given && isValid(lifetimeOf(other.certificate), now));
  return merchant.certificates.flatMap((given): readonly Finding[] => {
    const mistaken = mistakenIdentity(merchant, given);
    if (mistaken !== undefined) return [mistaken];
    const { option, certificate } = given;
    const role = { severity: hasOther(given) ? 'warning' : 'error', renewal: RENEWAL } as const;
    const what = `${option} (serial number ${certificate.serialNumber})`;
    return validityFindings(aboutOf(merchant, option), what, lifetimeOf(certificate), now, role);
  });
}

function isValid(lifetime: { readonly from: number; readonly to: number }, now: number): boolean {
  return ['valid', 'endsSoon'].includes(validityOf(lifetime, now));
}

function mistakenIdentity(merchant: GivenMerchant, { option, certificate }: GivenCertificate): Finding | undefined {
  const { mchid, serialNo, privateKey } = merchant;
  const isOwn = privateKey !== undefined && isOf(certificate, privateKey);
  if (isOwn || (mchid !== undefined && commonNameOf(certificate) === mchid)) {
    return {
      severity: 'error',
      code: 'merchantCertificateAsPlatform',
      ...aboutOf(merchant, option),
      message: `${option} is the merchant's own certificate (apiclient_cert.pem). It signs what you send; what comes back is signed by WeChat Pay.`,
      remedy:
        "Remove it, and give WeChat Pay's public key under publicKeys (商户平台 → 账户中心 → API安全 → 微信支付公钥), or the platform certificate.",
    };
  }
  if (privateKey === undefined || certificate.serialNumber.toUpperCase() !== serialNo) return undefined;
  return {
    severity: 'error',
    code: 'serialOfPlatformCertificate',
    ...aboutOf(merchant, `${merchant.option}.apiV3.serialNo`),
    message: `${merchant.option}.apiV3.serialNo is the serial number of WeChat Pay's platform certificate (${option}), not of the merchant's own.`,
    remedy: 'Give the serial number of apiclient_cert.pem: openssl x509 -in apiclient_cert.pem -noout -serial.',
  };
}

function aboutOf({ mchid }: GivenMerchant, option: string): Pick<Finding, 'option' | 'merchant'> {
  return { option, ...(mchid !== undefined && { merchant: mchid }) };
}
