import { EmulatorControlError } from '../emulator-control.error.js';
import { certificateOf } from '../keys/emulator-keys.js';
import type { EmulatorKeys, PlatformKey, ReplyKey } from '../keys/emulator-keys.js';
import { randomSerialNo } from '../keys/random-text.js';
import { newRsaKey } from '../keys/rsa-pair.js';

const DAY_MS = 86_400_000;

/** Which certificates sign replies while two or more are listed: the new one, the old one, or both in turn. */
export type SigningCertificates = 'new' | 'old' | 'both';

/**
 * How far merchants have moved from certificates to the public key.
 *
 * - `notStarted`: `Wechatpay-Serial` of requests is ignored, and a certificate signs.
 * - `started`: the public key signs if a request names its id in `Wechatpay-Serial`, a certificate otherwise.
 * - `finished`: the public key signs everything, and there are no certificates to download.
 *
 * @see protocol §4.4, migration
 */
export type PublicKeyStage = 'notStarted' | 'started' | 'finished';

/** How a certificate is changed for a new one. */
export interface RotateOptions {
  /**
   * What signs from now on. WeChat Pay lists a new certificate before it signs.
   *
   * @default 'new'
   */
  readonly signs?: SigningCertificates | undefined;
  /** The new certificate; made if it is left out, which takes some tenths of a second. */
  readonly certificate?: PlatformKey | undefined;
}

/** The platform certificates of one emulator, and which of its keys sign replies. */
export class CertificateRotation {
  readonly #keys: EmulatorKeys;
  #listed: readonly [PlatformKey, ...PlatformKey[]];
  #signs: SigningCertificates = 'new';
  #turn = 0;
  /** How far the move to the public key is. */
  stage: PublicKeyStage = 'started';

  /** @param keys - hold the first certificate */
  constructor(keys: EmulatorKeys) {
    this.#keys = keys;
    this.#listed = [keys.platform];
  }

  /** The certificates in the list, the newest one first. */
  get listed(): readonly PlatformKey[] {
    return this.#listed;
  }

  /** The newest certificate. */
  get newest(): PlatformKey {
    return this.#listed[0];
  }

  /**
   * Lists a new certificate beside those that are there.
   *
   * @param options - which, and what signs from now on
   * @throws {@link EmulatorControlError} if it is listed already
   */
  rotate({ signs = 'new', certificate = newCertificate() }: RotateOptions = {}): PlatformKey {
    if (this.#listed.some(({ serial }) => serial === certificate.serial)) {
      throw new EmulatorControlError(`The certificate ${certificate.serial} is listed already.`);
    }
    this.#listed = [certificate, ...this.#listed];
    this.#signs = signs;
    return certificate;
  }

  /** Takes all certificates off the list but the newest one, which signs from now on. */
  retire(): void {
    this.#listed = [this.newest];
    this.#signs = 'new';
  }

  /** Begins anew with the first certificate. */
  reset(): void {
    this.#listed = [this.#keys.platform];
    this.#signs = 'new';
    this.stage = 'started';
  }

  /**
   * The key that a reply is signed with.
   *
   * @param requested - `Wechatpay-Serial` of the request
   */
  replyKey(requested: string | undefined): ReplyKey {
    const { publicKey } = this.#keys;
    if (this.stage === 'finished') return publicKey;
    return this.stage === 'started' && requested === publicKey.serial ? publicKey : this.#certificate();
  }

  #certificate(): PlatformKey {
    const [, old = this.newest] = this.#listed;
    if (this.#signs === 'both') return this.#turn++ % 2 === 0 ? old : this.newest;
    return this.#signs === 'new' ? this.newest : old;
  }
}

function newCertificate(): PlatformKey {
  const privateKey = newRsaKey();
  const serial = randomSerialNo();
  // Later than the first one, which is a year old.
  const notBefore = new Date(Date.now() - DAY_MS);
  return {
    serial,
    privateKey,
    certificate: certificateOf(privateKey, serial, 'Tenpay.com sign (emulator)', notBefore),
  };
}
