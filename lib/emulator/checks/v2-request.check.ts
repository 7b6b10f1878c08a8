import { timingSafeEqual } from 'node:crypto';

import { MalformedXmlError } from '../../api-v2/malformed-xml.error.js';
import { decodeXml } from '../../api-v2/xml.codec.js';
import { UnauthenticatedError } from '../answers/unauthenticated.error.js';
import type { EmulatorMerchant } from '../merchants/emulator-merchant.js';
import type { MerchantBook } from '../merchants/merchant-book.js';
import { v2Sign } from '../signing/v2-sign.js';
import type { V2SignType } from '../signing/v2-sign.js';
import type { EmulatorRequest } from '../wire/emulator-request.js';

/** An APIv2 request whose sender is known. */
export interface AuthenticV2Request {
  readonly merchant: EmulatorMerchant;
  readonly fields: ReadonlyMap<string, string>;
  readonly signType: V2SignType;
}

/**
 * Reads an APIv2 request and finds out who sent it.
 *
 * @param request - the request
 * @param merchants - whose keys to check with
 * @throws {@link UnauthenticatedError} that says which check failed
 * @see protocol: APIv2 signing
 */
export function authenticateV2(request: EmulatorRequest, merchants: MerchantBook): AuthenticV2Request {
  const fields = readFields(request.body);
  for (const name of ['appid', 'mch_id', 'nonce_str', 'sign']) {
    if (!fields.get(name)) throw new UnauthenticatedError(`${name} is missing`);
  }
  if ((fields.get('nonce_str') ?? '').length > 32) throw new UnauthenticatedError('nonce_str is too long');
  const merchant = merchants.find(fields.get('mch_id') ?? '');
  if (merchant === undefined) throw new UnauthenticatedError('mch_id is unknown');
  const signType = signTypeOf(fields.get('sign_type'));
  const expected = Buffer.from(v2Sign(fields, merchant.apiV2Key, signType));
  const given = Buffer.from(fields.get('sign') ?? '');
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
    throw new UnauthenticatedError('SIGNERROR: the sign does not match');
  }
  return { merchant, fields, signType };
}

function readFields(body: Buffer): ReadonlyMap<string, string> {
  try {
    return decodeXml(body);
  } catch (error) {
    if (error instanceof MalformedXmlError) throw new UnauthenticatedError(`XML_FORMAT_ERROR: ${error.message}`);
    throw error;
  }
}

function signTypeOf(signType: string | undefined): V2SignType {
  if (signType === undefined || signType === '' || signType === 'MD5') return 'MD5';
  if (signType === 'HMAC-SHA256') return signType;
  throw new UnauthenticatedError('sign_type must be MD5 or HMAC-SHA256');
}
