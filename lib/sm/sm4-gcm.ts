import { sm4 } from './sm-crypto.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Bytes that SM4-GCM sealed, and what it takes to open them. */
export interface SealedBytes {
  /** 16 bytes. */
  readonly key: Uint8Array;
  /** 12 bytes. */
  readonly nonce: Uint8Array;
  /** Covered by the tag, not encrypted. */
  readonly associatedData: Uint8Array;
  /** The ciphertext with its tag of 16 bytes at the end. */
  readonly sealed: Uint8Array;
}

/**
 * Opens what SM4-GCM sealed.
 *
 * @param bytes - what is sealed, and the key
 * @throws Error if a length or the tag is wrong
 * @see RFC 8998
 */
export function openSm4Gcm({ key, nonce, associatedData, sealed }: SealedBytes): Buffer {
  const textLength = sealed.byteLength - TAG_BYTES;
  // Without a tag of just this length, the library would not check it, or not wholly.
  if (nonce.byteLength !== NONCE_BYTES || textLength < 0) throw new TypeError('the nonce or the tag is cut off');
  const plain = sm4.decrypt(sealed.subarray(0, textLength), key, {
    mode: 'gcm',
    output: 'array',
    iv: nonce,
    associatedData,
    tag: sealed.subarray(textLength),
  });
  return Buffer.from(plain);
}
