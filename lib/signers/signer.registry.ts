import { SchemeRegistry } from '../schemes/scheme-registry.js';
import { BuiltInRsaSha256Signer } from './built-in-rsa-sha256.signer.js';
import { HmacSha256Signer } from './hmac-sha256.signer.js';
import { Md5Signer } from './md5.signer.js';
import type { Signer } from './signer.js';

/** The signers by scheme. */
export class SignerRegistry extends SchemeRegistry<Signer> {}

/** What signs unless the application names another of the same scheme. */
export const BUILT_IN_SIGNERS = [Md5Signer, HmacSha256Signer, BuiltInRsaSha256Signer] as const;
