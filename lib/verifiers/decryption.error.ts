/** What was to be decrypted was not encrypted with this key, or has been changed. It never says which, nor shows anything. */
export class DecryptionError extends Error {
  override readonly name = 'DecryptionError';

  constructor() {
    super(
      'It cannot be decrypted: the APIv3 key is not the one that it was encrypted with, or it was changed on its way.',
    );
  }
}
