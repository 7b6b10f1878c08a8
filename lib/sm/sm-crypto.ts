import { createRequire } from 'node:module';

import type * as SmCrypto from 'sm-crypto-v2';

const INSTALL = 'npm i sm-crypto-v2@1';

/**
 * Loads the optional package that computes SM2, SM3 and SM4. It is asked for by `require`, since a static import that
 * fails can say nothing of its own, and one that is awaited would keep CommonJS applications from loading this module.
 *
 * @param require - Node's, from where to look
 * @throws Error with the command to run, if the package is not installed
 */
export function loadSmCrypto(require: (name: string) => typeof SmCrypto): typeof SmCrypto {
  try {
    return require('sm-crypto-v2');
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new Error(`nestjs-wechatpay/sm needs the package sm-crypto-v2, which is not installed; run: ${INSTALL}`, {
      cause: error,
    });
  }
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'MODULE_NOT_FOUND';
}

/** SM2, SM3 and SM4. */
export const { sm2, sm3, sm4 } = loadSmCrypto(createRequire(import.meta.url));
