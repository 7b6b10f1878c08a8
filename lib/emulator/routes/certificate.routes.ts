import { z } from 'zod';

import type { V3Answer } from '../answers/emulator-answer.js';
import { noAuth } from '../answers/refusals.js';
import { Refusal } from '../answers/refusal.error.js';
import { certificateList } from '../certificates/certificate-list.js';

import type { V3Route } from './route.js';
import type { V3Call } from './v3-call.js';

const listQuery = z.strictObject({ algorithm_type: z.enum(['RSA', 'ALL']).optional() });

/**
 * Lists the platform certificates, encrypted for the merchant that asks.
 *
 * @throws Refusal 404 RESOURCE_NOT_EXISTS once the public key has taken their place
 */
function list(call: V3Call): V3Answer {
  call.query(listQuery);
  const { certificates } = call.state;
  if (certificates.stage === 'finished') {
    const message = 'There is no platform certificate; the merchant uses the public key';
    throw new Refusal({ status: 404, code: 'RESOURCE_NOT_EXISTS', message });
  }
  return certificateList(certificates.listed, call.merchant.apiV3Key);
}

function listOverseas(call: V3Call): V3Answer {
  if (!call.merchant.overseas) throw noAuth('The merchant is not an overseas one');
  return list(call);
}

/** The lists of platform certificates, protocol §4.4. */
export const certificateRoutes: readonly V3Route[] = [
  { api: 'v3', method: 'GET', path: '/v3/certificates', handle: list },
  { api: 'v3', method: 'GET', path: '/v3/global/certificates', handle: listOverseas },
  { api: 'v3', method: 'GET', path: '/hk/v3/certificates', handle: listOverseas },
];
