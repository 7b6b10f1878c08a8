import { SchemeRegistry } from '../schemes/scheme-registry.js';
import { BuiltInRsaSha256Verifier } from './built-in-rsa-sha256.verifier.js';
import { HmacSha256Verifier } from './hmac-sha256.verifier.js';
import { Md5Verifier } from './md5.verifier.js';
import type { Verifier } from './verifier.js';

/** The verifiers by scheme. */
export class VerifierRegistry extends SchemeRegistry<Verifier> {}

/** What verifies unless the application names another of the same scheme. */
export const BUILT_IN_VERIFIERS = [Md5Verifier, HmacSha256Verifier, BuiltInRsaSha256Verifier] as const;
