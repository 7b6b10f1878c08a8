import { createHash } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../environment/clock.js';
import { Randomness } from '../environment/randomness.js';
import { WechatPayLog } from '../environment/wechat-pay-log.js';
import type { ApiV3Credentials } from '../merchants/merchant.js';
import type { CertificateRegion } from '../wechat-pay.options.js';
import { CertificateSource } from './certificate.source.js';
import { type CertificateSurroundings, PlatformCertificates } from './platform-certificates.js';
import { PlatformKeyUsage } from './platform-key.usage.js';
import { PlatformKeys } from './platform-keys.js';

/** The certificates of so many merchants and regions are kept at most; those that were used the longest ago go first. */
const MOST_SETS = 10_000;

/**
 * Holds WeChat Pay's keys beside the merchants. A merchant that is read anew keeps the certificates that were downloaded for
 * it as long as its APIv3 key is the same; with another APIv3 key they are downloaded anew, and calls under way end with the
 * ones they began with.
 */
@Injectable()
export class PlatformKeyStore {
  /** Used the longest ago first. */
  readonly #downloads = new Map<string, PlatformCertificates>();
  readonly #names = new WeakMap<ApiV3Credentials, string>();

  readonly #around: CertificateSurroundings;

  constructor(
    @Inject(CertificateSource) source: CertificateSource,
    @Inject(PlatformKeyUsage) private readonly usage: PlatformKeyUsage,
    @Inject(Clock) clock: Clock,
    @Inject(Randomness) randomness: Randomness,
    @Inject(WechatPayLog) log: WechatPayLog,
  ) {
    this.#around = { source, clock, randomness, log };
  }

  /**
   * WeChat Pay's keys for one call.
   *
   * @param mchid - the merchant
   * @param credentials - of the merchant, as the call began with them
   * @param region - whose certificates sign the replies
   */
  of(mchid: string, credentials: ApiV3Credentials, region: CertificateRegion): PlatformKeys {
    const owner = { mchid, credentials, region };
    return new PlatformKeys(owner, this.certificatesOf(mchid, credentials, region), this.usage);
  }

  /**
   * The certificates that are downloaded for a merchant.
   *
   * @param mchid - the merchant
   * @param credentials - of the merchant
   * @param region - which list
   * @returns `undefined` where its certificates are not downloaded
   */
  certificatesOf(
    mchid: string,
    credentials: ApiV3Credentials,
    region: CertificateRegion,
  ): PlatformCertificates | undefined {
    if (credentials.download === undefined) return undefined;
    const key = `${mchid} ${region} ${this.#nameOf(credentials)}`;
    const known = this.#downloads.get(key);
    const certificates = known ?? new PlatformCertificates({ mchid, credentials, region }, this.#around);
    this.#downloads.delete(key);
    this.#downloads.set(key, certificates);
    if (known === undefined) this.#forget();
    return certificates;
  }

  /** Begins the refreshes that are due. */
  refreshDue(): void {
    for (const certificates of this.#downloads.values()) certificates.refreshIfDue();
  }

  /**
   * Forgets the certificates of a merchant that is gone. Calls under way end with those they began with.
   *
   * @param mchid - the merchant
   */
  drop(mchid: string): void {
    for (const key of this.#downloads.keys()) if (key.startsWith(`${mchid} `)) this.#downloads.delete(key);
  }

  #forget(): void {
    for (const key of this.#downloads.keys()) {
      if (this.#downloads.size <= MOST_SETS) return;
      this.#downloads.delete(key);
    }
  }

  /** What tells credentials apart whose certificates must not be shared. */
  #nameOf(credentials: ApiV3Credentials): string {
    const known = this.#names.get(credentials);
    if (known !== undefined) return known;
    const hash = createHash('sha256').update(credentials.scheme);
    if (credentials.download !== undefined) hash.update(credentials.download.apiV3Key.export());
    const name = hash.digest('hex');
    this.#names.set(credentials, name);
    return name;
  }
}
