import type { Answer } from '../answers/answer.js';
import { CertificateFault } from '../platform-keys/certificate.fault.js';

/**
 * The fault for an answer that is no list of certificates. Whether it is signed makes no difference: it changes nothing.
 *
 * @param answer - what came instead
 */
export function refusedList({ status, code, description }: Answer): CertificateFault {
  const said = [`HTTP ${status}`, ...[code, description].filter((word) => word !== undefined)].join(', ');
  const answered = (words: string) => `WeChat Pay answered with ${said}${words}`;
  if (status === 429) return new CertificateFault('rateLimited', answered('.'));
  if (status >= 500) return new CertificateFault('serverError', answered('.'));
  const advice: Readonly<Record<number, string>> = {
    401: ': it does not take the signature. Check serialNo and privateKey, and the clock.',
    403: ': the merchant may not download certificates.',
    404: ': the merchant has none. Merchants of today have the public key instead: give publicKeys.',
  };
  return new CertificateFault('certificates', answered(advice[status] ?? ', which is no list of certificates.'));
}
