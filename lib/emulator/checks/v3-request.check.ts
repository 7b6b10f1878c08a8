import { verify } from 'node:crypto';

import { invalidRequest } from '../answers/refusals.js';
import { UnauthenticatedError } from '../answers/unauthenticated.error.js';
import type { EmulatorState } from '../emulator-state.js';
import type { EmulatorMerchant } from '../merchants/emulator-merchant.js';
import { namedScheme, RSA_SCHEME } from '../signing/emulator-scheme.js';
import type { EmulatorScheme } from '../signing/emulator-scheme.js';
import { headerOf } from '../wire/emulator-request.js';
import type { EmulatorRequest } from '../wire/emulator-request.js';

import { parseAuthorization } from './authorization.parser.js';
import type { ParsedAuthorization } from './authorization.parser.js';

const WINDOW_SECONDS = 300;
const ACCEPTABLE = /(?:^|,)\s*(?:application\/json|application\/\*|\*\/\*)\s*(?:;|,|$)/i;
const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

/**
 * Checks the headers that every APIv3 request must have.
 *
 * @param request - the request
 * @throws Refusal 400 INVALID_REQUEST
 * @see protocol: required request headers
 */
export function checkV3Headers(request: EmulatorRequest): void {
  if (!ACCEPTABLE.test(headerOf(request, 'accept') ?? '')) {
    throw invalidRequest('Accept must include application/json');
  }
  if (!headerOf(request, 'user-agent')) throw invalidRequest('User-Agent is missing');
  if (request.body.length > 0 && !JSON_TYPE.test(headerOf(request, 'content-type') ?? '')) {
    throw invalidRequest('Content-Type must be application/json');
  }
}

/**
 * Finds out who sent an APIv3 request, from its raw bytes.
 *
 * @param request - the request
 * @param state - merchants, clock and nonces
 * @throws {@link UnauthenticatedError} that says which check failed
 * @see protocol: APIv3 request signing
 */
export function authenticateV3(request: EmulatorRequest, state: EmulatorState): EmulatorMerchant {
  const header = headerOf(request, 'authorization');
  const scheme = namedScheme(state.schemes, header);
  const authorization = parseAuthorization(header, scheme?.scheme ?? RSA_SCHEME);
  const merchant = state.merchants.find(authorization.mchid);
  if (merchant === undefined) throw new UnauthenticatedError('mchid is unknown');
  if (merchant.serialNo !== authorization.serial_no) {
    throw new UnauthenticatedError('serial_no is not that of the merchant API certificate');
  }
  if (!isCurrent(authorization.timestamp, state.clock.now())) {
    throw new UnauthenticatedError(`timestamp is more than ${WINDOW_SECONDS} seconds off`);
  }
  if (!isSignedBy(merchant, signedBytes(request, authorization), authorization.signature, scheme)) {
    throw new UnauthenticatedError('the signature does not match');
  }
  if (!state.nonces.take(merchant.mchid, authorization.nonce_str)) {
    throw new UnauthenticatedError('nonce_str was used before');
  }
  return merchant;
}

function isCurrent(timestamp: string, now: number): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(Math.floor(now / 1000) - Number(timestamp)) <= WINDOW_SECONDS;
}

function isSignedBy(
  { mchid, publicKey }: EmulatorMerchant,
  message: Buffer,
  signature: string,
  scheme: EmulatorScheme | undefined,
): boolean {
  return scheme === undefined
    ? verify('sha256', message, publicKey, Buffer.from(signature, 'base64'))
    : scheme.verify(message, signature, mchid);
}

function signedBytes({ method, url, body }: EmulatorRequest, authorization: ParsedAuthorization): Buffer {
  const { timestamp, nonce_str } = authorization;
  // Node hands the request target over as latin1 text, one character a byte.
  const head = Buffer.from(`${method}\n${url}\n${timestamp}\n${nonce_str}\n`, 'latin1');
  return Buffer.concat([head, body, Buffer.from('\n')]);
}
