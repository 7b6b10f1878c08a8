/**
 * How bad a finding is: an `error` makes closes fail, now or in some cases; a `warning` soon will, or may; an `info` is for
 * the record.
 */
export type Severity = 'error' | 'warning' | 'info';

/** What was found. The names stay the same from version to version, so that a machine can go by them. */
export type FindingCode =
  | 'option'
  | 'merchantCertificateAsPlatform'
  | 'platformCertificateAsMerchant'
  | 'serialOfPlatformCertificate'
  | 'certificateUnreadable'
  | 'certificateOfNobody'
  | 'certificateOfOtherMerchant'
  | 'serialMismatch'
  | 'notAPair'
  | 'certificateExpired'
  | 'certificateExpiresSoon'
  | 'certificateNotYetValid'
  | 'clockSkew'
  | 'nameNotFound'
  | 'noConnection'
  | 'noTls'
  | 'noProxy'
  | 'noAnswer'
  | 'strangeAnswer'
  | 'headersRewritten'
  | 'notSigned'
  | 'serialUnknown'
  | 'wrongPlatformKey'
  | 'staleAnswer'
  | 'otherAnswer'
  | 'signerFailed'
  | 'signatureRefused'
  | 'publicKeyOnly'
  | 'selfTestPassed'
  | 'selfTestAnswered'
  | 'notTried';

/** One thing that the doctor has found. It holds nothing secret. */
export interface Finding {
  readonly severity: Severity;
  readonly code: FindingCode;
  /** The option that it is about, as a path such as `merchants[0].apiV3.serialNo`. */
  readonly option?: string;
  /** The merchant that it is about. */
  readonly merchant?: string;
  /** What is so: whole sentences. */
  readonly message: string;
  /** What to do about it: whole sentences; empty where there is nothing to do. */
  readonly remedy: string;
}

const ORDER: readonly Severity[] = ['error', 'warning', 'info'];

/**
 * Findings with the worst first; of the same severity, as they were found.
 *
 * @param findings - in any order
 */
export function worstFirst(findings: readonly Finding[]): readonly Finding[] {
  return findings.toSorted((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
}
