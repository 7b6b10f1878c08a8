import type { KeyObject } from 'node:crypto';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { CertificateOwner, PlatformCertificates } from './platform-certificates.js';
import type { PlatformKeyUsage } from './platform-key.usage.js';

/** What a serial looks like; anything else is not repeated in a message. */
const SERIAL = /^(?:PUB_KEY_ID_\d{1,40}|[0-9A-F]{8,40})$/;

/**
 * WeChat Pay's keys as one merchant believes them: the public keys and certificates of its options, and the certificates that
 * were downloaded. They stand side by side; a reply's serial chooses.
 */
export class PlatformKeys {
  /**
   * @param owner - the merchant
   * @param certificates - where they are downloaded
   * @param usage - counts what was signed with which key
   */
  constructor(
    private readonly owner: CertificateOwner,
    private readonly certificates: PlatformCertificates | undefined,
    private readonly usage: PlatformKeyUsage,
  ) {
    certificates?.use(owner);
  }

  /**
   * The serial that requests ask replies to be signed with: a public key's id where there is one, also while replies are
   * signed with certificates still; otherwise the newest certificate's.
   *
   * @see protocol §4.4
   */
  get preferredSerial(): string | undefined {
    const { preferredSerial: configured } = this.owner.credentials;
    return isPublicKeyId(configured) ? configured : (this.certificates?.newestSerial ?? configured);
  }

  /**
   * Downloads certificates where there is no key at all, so that nothing is sent whose reply could not be verified.
   *
   * @throws {@link AttemptFault} of phase `notSent` where there is none
   */
  async load(): Promise<void> {
    const fault = this.preferredSerial === undefined ? await this.certificates?.load() : undefined;
    if (fault === undefined) return;
    const explanation = `There is no platform certificate to verify the reply with, so nothing was sent. ${fault.explanation}`;
    throw new AttemptFault('notSent', fault.reason, explanation);
  }

  /**
   * The key that a reply names.
   *
   * @param serial - to the letter, as it came
   * @returns `undefined` for one that is not believed
   */
  find(serial: string): KeyObject | undefined | Promise<KeyObject | undefined> {
    return this.owner.credentials.platformKeys.get(serial) ?? this.certificates?.find(serial);
  }

  /**
   * Why a key was not found, for a person.
   *
   * @param serial - as it came
   */
  absence(serial: string): string {
    const isKnownShape = SERIAL.test(serial);
    if (this.certificates === undefined || isPublicKeyId(serial)) {
      return `The reply is signed with a key that is not configured${isKnownShape ? `; add ${serial}` : ''}.`;
    }
    const { fault } = this.certificates;
    const name = isKnownShape ? `, ${serial},` : '';
    const why = fault === undefined ? '' : ` They could not be refreshed: ${fault.explanation}`;
    return `The reply is signed with a key${name} that is not among the platform certificates at hand.${why}`;
  }

  /** Counts a reply that was verified with a key. */
  verified(serial: string): void {
    const { mchid, credentials } = this.owner;
    let hasCertificates = this.certificates !== undefined;
    let hasPublicKeys = false;
    for (const other of credentials.platformKeys.keys()) {
      if (isPublicKeyId(other)) hasPublicKeys = true;
      else hasCertificates = true;
    }
    this.usage.note(mchid, serial, hasCertificates && hasPublicKeys);
  }
}

/** Whether a serial names a public key, and not a certificate. */
export function isPublicKeyId(serial: string | undefined): boolean {
  return serial?.startsWith('PUB_KEY_ID_') === true;
}
