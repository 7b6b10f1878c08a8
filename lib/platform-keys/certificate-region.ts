import type { HostRole } from '../transport/transport-settings.js';
import type { CertificateRegion } from '../wechat-pay.options.js';

/** Where a region's certificates are listed. */
export interface CertificateEndpoint {
  readonly host: HostRole;
  readonly path: string;
}

/** The endpoint of each region (protocol §4.4). */
export const CERTIFICATE_ENDPOINTS: Readonly<Record<CertificateRegion, CertificateEndpoint>> = {
  mainland: { host: 'mainland', path: '/v3/certificates' },
  global: { host: 'overseas', path: '/v3/global/certificates' },
  hk: { host: 'mainland', path: '/hk/v3/certificates' },
};

/**
 * The region whose certificates sign the replies to a request.
 *
 * @param target - path and query of the request
 */
export function regionOf(target: string): CertificateRegion {
  if (target.startsWith('/v3/global/')) return 'global';
  return target.startsWith('/hk/') ? 'hk' : 'mainland';
}
