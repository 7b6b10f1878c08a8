import { dateOf, daysBetween, type Lifetime, validityOf } from './certificate-facts.js';
import type { Finding, Severity } from './finding.js';

/** What a certificate's end means, and where a new one comes from. */
export interface CertificateRole {
  /** How bad it is if the certificate does not hold. */
  readonly severity: Severity;
  /** Where a new one comes from. */
  readonly renewal: string;
}

/**
 * What there is to say about a certificate's time.
 *
 * @param about - what the finding is about
 * @param what - how to call it
 * @param lifetime - of the certificate
 * @param now - in milliseconds
 * @param role - what it is for
 */
export function validityFindings(
  about: Pick<Finding, 'option' | 'merchant'>,
  what: string,
  lifetime: Lifetime,
  now: number,
  { severity, renewal }: CertificateRole,
): readonly Finding[] {
  switch (validityOf(lifetime, now)) {
    case 'valid':
      return [];
    case 'notYet': {
      const message = `${what} is valid from ${dateOf(lifetime.from)} on, and this machine's clock says ${dateOf(now)}.`;
      const remedy = 'If the clock is right, use the certificate that was valid before; if not, set the clock (NTP).';
      return [{ severity, code: 'certificateNotYetValid', ...about, message, remedy }];
    }
    case 'endsSoon': {
      const message = `${what} expires on ${dateOf(lifetime.to)}, in ${daysBetween(now, lifetime.to)} days.`;
      return [{ severity: 'warning', code: 'certificateExpiresSoon', ...about, message, remedy: renewal }];
    }
    case 'ended': {
      const message = `${what} expired on ${dateOf(lifetime.to)}.`;
      return [{ severity, code: 'certificateExpired', ...about, message, remedy: renewal }];
    }
  }
}
