import type { ApiV3Credentials } from '../merchants/merchant.js';
import type { CertificateRegion } from '../wechat-pay.options.js';
import type { PlatformCertificate } from './platform-certificate.js';

/** Whose certificates, and where. */
export interface CertificateOrder {
  readonly mchid: string;
  readonly credentials: ApiV3Credentials;
  readonly region: CertificateRegion;
  /** WeChat Pay's keys that are believed already, by serial: the list itself may be signed with one of them. */
  readonly known: ReadonlyMap<string, PlatformCertificate['key']>;
}

/** Gets a merchant's platform certificates from WeChat Pay. */
export abstract class CertificateSource {
  /**
   * Gets the certificates that are listed and valid now.
   *
   * @param order - whose
   * @returns at least one
   * @throws {@link CertificateFault} where there is none that is proven
   */
  abstract list(order: CertificateOrder): Promise<readonly PlatformCertificate[]>;
}
