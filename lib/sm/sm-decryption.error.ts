/**
 * What came encrypted cannot be decrypted. Why is not told apart: it was changed on the way, or the APIv3 key is another
 * merchant's or an old one.
 */
export class SmDecryptionError extends Error {
  override readonly name = 'SmDecryptionError';

  constructor() {
    super(
      'The resource cannot be decrypted with SM4-GCM: it was changed, or the APIv3 key is wrong; compare the key with 商户平台 → 账户中心 → API安全 → APIv3密钥.',
    );
  }
}
