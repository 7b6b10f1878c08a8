import type { KeyObject } from 'node:crypto';

import type { Clock } from '../environment/clock.js';
import type { Randomness } from '../environment/randomness.js';
import type { LogLevel, WechatPayLog } from '../environment/wechat-pay-log.js';
import { CertificateFault } from './certificate.fault.js';
import type { CertificateOrder, CertificateSource } from './certificate.source.js';
import { believed, type KeptCertificate, newest, renewed } from './platform-certificate.js';
import { RefreshPlan } from './refresh-plan.js';
import { UnknownSerials } from './unknown-serials.js';

/** What a certificate is called in `Wechatpay-Serial`. Nothing else asks for a refresh. */
const CERTIFICATE_SERIAL = /^[0-9A-F]{8,40}$/;
/** Certificates of a merchant that nobody has used for so long are refreshed when it is used again, not before. */
const REST_AFTER_MS = 24 * 60 * 60_000;

/** Whose certificates these are: what is known of an order before it is placed. */
export type CertificateOwner = Omit<CertificateOrder, 'known'>;

/** What the certificates of all merchants need. */
export interface CertificateSurroundings {
  readonly source: CertificateSource;
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly log: WechatPayLog;
}

/**
 * The platform certificates of one merchant and region, downloaded and kept up to date. Once there is one that works, there
 * always is: a refresh that fails, or brings nothing that is proven, changes nothing.
 *
 * @see reliability §6 G12 and §7
 */
export class PlatformCertificates {
  readonly #plan = new RefreshPlan();
  readonly #unknown = new UnknownSerials();
  #owner: CertificateOwner;
  #usedAt: number;
  #kept: readonly KeptCertificate[] = [];
  #running: Promise<CertificateFault | undefined> | undefined;
  #fault: CertificateFault | undefined;

  /**
   * @param owner - whose
   * @param around - what all certificates need
   */
  constructor(
    owner: CertificateOwner,
    private readonly around: CertificateSurroundings,
  ) {
    this.#owner = owner;
    this.#usedAt = this.#now();
  }

  /** Those that are believed now. */
  get believed(): readonly KeptCertificate[] {
    return believed(this.#kept, this.#now());
  }

  /** The serial of the newest one that is believed. */
  get newestSerial(): string | undefined {
    return newest(this.believed)?.serial;
  }

  /** Why the last refresh brought nothing, if so. */
  get fault(): CertificateFault | undefined {
    return this.#fault;
  }

  /**
   * Notes that a call is about to use them. It begins a refresh where one is due, for which the call does not wait.
   *
   * @param owner - with the credentials that the next refresh signs with
   */
  use(owner: CertificateOwner): void {
    this.#owner = owner;
    this.#usedAt = this.#now();
    this.refreshIfDue();
  }

  /** Begins a refresh where one is due and they have been used within the last day. */
  refreshIfDue(): void {
    const now = this.#now();
    const rests = now - this.#usedAt > REST_AFTER_MS;
    if (!rests && this.#plan.isDue(now) && !this.#plan.isHeld(now)) void this.refresh();
  }

  /**
   * Downloads them where there is none yet. After a failure that does not pass by itself, the next download waits a minute.
   *
   * @returns why there is none, or nothing where there is one
   */
  async load(): Promise<CertificateFault | undefined> {
    if (this.#kept.length > 0) return undefined;
    return this.#fault !== undefined && this.#plan.isHeld(this.#now()) ? this.#fault : this.refresh();
  }

  /**
   * The key of a certificate. A serial that is not known asks for a refresh, at most once a minute whatever serials come, and
   * is remembered as unknown where a fresh list does not hold it.
   *
   * @param serial - as a reply names it; nothing proves it yet
   */
  async find(serial: string): Promise<KeyObject | undefined> {
    const known = this.#keyOf(serial);
    if (known !== undefined || !CERTIFICATE_SERIAL.test(serial)) return known;
    // A list that was asked for before this reply came may be older than its certificate.
    if (this.#running !== undefined) {
      await this.#running;
      const come = this.#keyOf(serial);
      if (come !== undefined) return come;
    }
    const now = this.#now();
    if (this.#unknown.has(serial, now)) return undefined;
    if (this.#running === undefined) {
      if (this.#plan.isHeld(now)) return undefined;
      this.#plan.hold(now);
    }
    const fault = await this.refresh();
    const found = this.#keyOf(serial);
    if (found === undefined && fault === undefined) this.#unknown.add(serial, this.#now());
    return found;
  }

  /**
   * Downloads them, once for all who ask at the same time.
   *
   * @returns why nothing came of it, if so; it does not reject
   */
  refresh(): Promise<CertificateFault | undefined> {
    this.#running ??= this.#download().finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #download(): Promise<CertificateFault | undefined> {
    const { source, randomness } = this.around;
    const owner = this.#owner;
    const known = new Map(this.believed.map(({ serial, key }) => [serial, key]));
    try {
      const listed = await source.list({ ...owner, known });
      const now = this.#now();
      this.#kept = renewed(this.#kept, listed, now);
      this.#plan.succeeded(now, randomness.next());
      if (this.#fault !== undefined) {
        this.#say('log', 'certificates_downloaded', owner, 'were downloaded again.');
      }
      this.#fault = undefined;
    } catch (error) {
      this.#failed(error instanceof CertificateFault ? error : unexpected(), owner);
    }
    return this.#fault;
  }

  #failed(fault: CertificateFault, owner: CertificateOwner): void {
    const now = this.#now();
    const hasKeys = this.#kept.length > 0;
    this.#fault = fault;
    this.#plan.failed(now);
    // Without any certificate nothing can be sent, so a download in place of each call is no burden.
    if (hasKeys || !fault.mayPass) this.#plan.hold(now);
    const meanwhile = hasKeys ? 'Those at hand stay in use.' : 'There are none at hand.';
    const words = `could not be downloaded: ${fault.explanation} ${meanwhile}`;
    this.#say('warn', 'certificates_not_downloaded', owner, words);
  }

  #say(level: LogLevel, event: string, { mchid, region }: CertificateOwner, words: string): void {
    const sentence = `The platform certificates of merchant ${mchid} (${region}) ${words}`;
    this.around.log.write(level, event, sentence, { mchid, region });
  }

  #keyOf(serial: string): KeyObject | undefined {
    return this.believed.find((certificate) => certificate.serial === serial)?.key;
  }

  #now(): number {
    return this.around.clock.now();
  }
}

function unexpected(): CertificateFault {
  return new CertificateFault('internal', 'Something unexpected happened; please report it.');
}
