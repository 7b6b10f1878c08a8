import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../environment/clock.js';
import { WechatPayLog } from '../environment/wechat-pay-log.js';

const WEEK_MS = 7 * 24 * 60 * 60_000;
/** Of so many keys at most is kept count; the one that has not signed for the longest time goes first. */
const MOST_KEYS = 10_000;

/** How often one of WeChat Pay's keys has signed replies to one merchant, since the process started. */
export interface PlatformKeyCount {
  readonly mchid: string;
  /** A public key's id or a certificate's serial number. */
  readonly serial: string;
  readonly kind: 'publicKey' | 'certificate';
  /** Replies whose signature was verified. */
  readonly replies: number;
  /** When the first and the last of them came. */
  readonly firstAt: Date;
  readonly lastAt: Date;
}

interface Count {
  readonly mchid: string;
  readonly serial: string;
  replies: number;
  readonly firstAt: number;
  lastAt: number;
}

/**
 * Counts which of WeChat Pay's keys signed how many verified APIv3 replies. A merchant that moves from certificates to the
 * public key holds both meanwhile; once no certificate has signed for a week, a line in the log says so.
 *
 * Replies to the module's own requests are counted, in this process alone; notifications are not among them.
 *
 * @see protocol §4.4, migration
 */
@Injectable()
export class PlatformKeyUsage {
  /** Oldest signature first. */
  readonly #counts = new Map<string, Count>();
  #latest: string | undefined;
  /** Merchants of whom it has been said. */
  readonly #told = new Set<string>();

  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(WechatPayLog) private readonly log: WechatPayLog,
  ) {}

  /**
   * The counts, the key that signed last at the end.
   *
   * @param mchid - of one merchant alone
   */
  counts(mchid?: string): readonly PlatformKeyCount[] {
    const all = [...this.#counts.values()];
    return all.filter((count) => mchid === undefined || count.mchid === mchid).map(asShown);
  }

  /**
   * Counts a reply that was verified.
   *
   * @param mchid - the merchant
   * @param serial - of the key that signed it
   * @param hasBothKinds - whether the merchant believes public keys and certificates
   */
  note(mchid: string, serial: string, hasBothKinds: boolean): void {
    const now = this.clock.now();
    const key = `${mchid} ${serial}`;
    const count = this.#counts.get(key) ?? { mchid, serial, replies: 0, firstAt: now, lastAt: now };
    count.replies++;
    count.lastAt = now;
    if (key !== this.#latest) {
      this.#counts.delete(key);
      this.#counts.set(key, count);
      this.#latest = key;
      this.#forget();
    }
    if (kindOf(serial) === 'certificate') this.#told.delete(mchid);
    else if (hasBothKinds && !this.#told.has(mchid)) this.#tellAfterAWeek(mchid, now);
  }

  #tellAfterAWeek(mchid: string, now: number): void {
    const counts = this.counts(mchid);
    const publicKeys = counts.filter(({ kind }) => kind === 'publicKey');
    const certificates = counts.filter(({ kind }) => kind === 'certificate');
    // As long as no certificate has signed at all, the week begins with the first reply.
    const quietSince =
      certificates.length > 0
        ? Math.max(...certificates.map(({ lastAt }) => lastAt.getTime()))
        : Math.min(...publicKeys.map(({ firstAt }) => firstAt.getTime()));
    if (now - quietSince < WEEK_MS) return;
    this.#told.add(mchid);
    const replies = publicKeys.reduce((sum, count) => sum + count.replies, 0);
    this.log.write(
      'log',
      'certificates_unused',
      `Merchant ${mchid}: no reply has been signed with a platform certificate since ${new Date(quietSince).toISOString()}, ` +
        `for a week. The WeChat Pay public key has signed ${replies} since this process started. Once notifications are ` +
        'signed with it as well, the certificates can be taken out of the options.',
      { mchid, quietSince: new Date(quietSince).toISOString(), replies },
    );
  }

  #forget(): void {
    for (const key of this.#counts.keys()) {
      if (this.#counts.size <= MOST_KEYS) return;
      this.#counts.delete(key);
    }
  }
}

function kindOf(serial: string): PlatformKeyCount['kind'] {
  return serial.startsWith('PUB_KEY_ID_') ? 'publicKey' : 'certificate';
}

function asShown({ mchid, serial, replies, firstAt, lastAt }: Count): PlatformKeyCount {
  return { mchid, serial, kind: kindOf(serial), replies, firstAt: new Date(firstAt), lastAt: new Date(lastAt) };
}
