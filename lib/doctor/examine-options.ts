import type { ConfigurationIssue } from '../errors/wechat-pay-configuration.error.js';
import type { CertificateInput } from '../wechat-pay.options.js';
import { type Finding, worstFirst } from './finding.js';
import { givenMerchants } from './given-merchants.js';
import { optionFindings } from './option-findings.js';
import { ownCertificateFindings } from './own-certificate.js';
import { platformCertificateFindings } from './platform-certificates.js';

const OWN_CERTIFICATE = /\.certificates\[\d+\] is the merchant's own certificate/;

/** Besides the options, what is known without asking anybody. */
export interface OfflineEvidence {
  /** What keeps the module from starting. */
  readonly issues: readonly ConfigurationIssue[];
  /** Certificates of the merchants themselves, `apiclient_cert.pem`. */
  readonly certificates: readonly CertificateInput[];
  /** In milliseconds. */
  readonly now: number;
}

/**
 * Examines options without asking anybody, also those that the module does not start with.
 *
 * @param options - as the application gave them; nothing is taken for granted
 * @param evidence - what is known besides
 */
export function examineOptions(options: unknown, { issues, certificates, now }: OfflineEvidence): readonly Finding[] {
  const merchants = givenMerchants(options);
  const found = [
    ...merchants.flatMap((merchant) => platformCertificateFindings(merchant, now)),
    ...certificates.flatMap((certificate) => ownCertificateFindings(certificate, merchants, now)),
  ];
  // The start says only that a certificate is not WeChat Pay's; what was found here says which of the two is wrong.
  const said = new Set(found.flatMap(({ code, option }) => (code === 'merchantCertificateAsPlatform' ? [option] : [])));
  const suspects = new Set(
    found.flatMap(({ code, merchant }) => (code === 'serialOfPlatformCertificate' ? [merchant] : [])),
  );
  const numbers = merchants.map(({ mchid }) => mchid);
  const faults = optionFindings(issues, numbers).filter(
    ({ option = '', merchant, message }) =>
      !said.has(option) && !(OWN_CERTIFICATE.test(message) && suspects.has(merchant)),
  );
  return worstFirst([...faults, ...found]);
}
