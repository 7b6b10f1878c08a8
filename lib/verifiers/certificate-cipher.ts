import type { KeyObject } from 'node:crypto';

/** A certificate as WeChat Pay encrypts it, with its own names. */
export interface SealedCertificate {
  /** 12 characters. */
  readonly nonce: string;
  /** Covered by the tag; empty if it is left out. */
  readonly associated_data?: string | undefined;
  /** Base64 of the ciphertext with its tag. */
  readonly ciphertext: string;
}

/** How WeChat Pay encrypts the platform certificates of a scheme, and what notifications tell. */
export interface CertificateCipher {
  /** What `encrypt_certificate.algorithm` says. */
  readonly algorithm: string;
  /** The query that asks for certificates of this scheme, such as `?algorithm_type=SM2`; empty for RSA, the default. */
  readonly query: string;
  /**
   * Decrypts a certificate.
   *
   * @param sealed - as it stands in the reply
   * @param apiV3Key - the merchant's APIv3 key, of type `secret`
   * @returns PEM text as bytes
   * @throws whatever is wrong, one error for every cause
   */
  open(sealed: SealedCertificate, apiV3Key: KeyObject): Uint8Array;
}
