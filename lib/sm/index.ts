export { decryptSmResource } from './decrypt-resource.js';
export type { EncryptedResource } from './decrypt-resource.js';
export { SmDecryptionError } from './sm-decryption.error.js';
export { Sm2Signer } from './sm2.signer.js';
export { Sm2Verifier } from './sm2.verifier.js';
export { WECHATPAY2_SM2_WITH_SM3 } from './sm.constants.js';
