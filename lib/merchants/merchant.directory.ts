import { Inject, Injectable } from '@nestjs/common';
import {
  catchError,
  defer,
  finalize,
  map,
  type Observable,
  of,
  type SchedulerLike,
  share,
  tap,
  throwError,
} from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';
import { Clock } from '../environment/clock.js';
import { OptionReport } from '../options/option-report.js';
import { SignerRegistry } from '../signers/signer.registry.js';
import { VerifierRegistry } from '../verifiers/verifier.registry.js';
import { WECHAT_PAY_SCHEDULER } from '../wechat-pay.constants.js';
import { askSource, failure, sourceFault } from './ask-source.js';
import { BoundedCache } from './bounded-cache.js';
import type { Merchant } from './merchant.js';
import { MerchantCacheSettings } from './merchant-cache-settings.js';
import { MerchantRegistry } from './merchant.registry.js';
import { type FoundMerchant, MerchantSource } from './merchant-source.js';
import { readMerchant } from './read-merchant.js';

/** Finds merchants by number: the listed ones at once, others through the application's {@link MerchantSource}. */
@Injectable()
export class MerchantDirectory {
  readonly #source: MerchantSource | undefined;
  readonly #found: BoundedCache<Merchant>;
  /** Numbers that the source does not know. Apart from the merchants, which they must not drive out. */
  readonly #unknown: BoundedCache<true>;
  readonly #asked = new Map<string, Observable<Merchant | undefined>>();

  constructor(
    @Inject(MerchantRegistry) readonly listed: MerchantRegistry,
    @Inject(MerchantSource) source: MerchantSource | null | undefined,
    @Inject(MerchantCacheSettings) private readonly settings: MerchantCacheSettings,
    @Inject(SignerRegistry) private readonly signers: SignerRegistry,
    @Inject(VerifierRegistry) private readonly verifiers: VerifierRegistry,
    @Inject(Clock) clock: Clock,
    @Inject(WECHAT_PAY_SCHEDULER) private readonly scheduler: SchedulerLike,
  ) {
    this.#source = source ?? undefined;
    this.#found = new BoundedCache(settings.max, settings.ttlMs, clock);
    this.#unknown = new BoundedCache(settings.max, settings.unknownMs, clock);
  }

  /** Whether merchants that are not listed may be found. */
  get hasSource(): boolean {
    return this.#source !== undefined;
  }

  /** How many merchants and unknown numbers are kept, and how many the source is being asked for. */
  get sizes(): { readonly found: number; readonly unknown: number; readonly asked: number } {
    return { found: this.#found.size, unknown: this.#unknown.size, asked: this.#asked.size };
  }

  /** The merchant of a number, if it is listed or has been found of late. */
  find(mchid: string): Merchant | undefined {
    return this.listed.find(mchid) ?? this.#found.get(mchid);
  }

  /**
   * Asks the source for a merchant. Those who ask for the same one at the same time share the answer.
   *
   * @param mchid - 1 to 32 digits, not listed
   * @returns a cold Observable of the merchant, or of `undefined` where there is none of that number
   * @throws {@link AttemptFault} of phase `notSent` where the source fails, is slow, or gives what does not hold
   */
  ask(mchid: string): Observable<Merchant | undefined> {
    return defer(() => {
      const source = this.#source;
      if (source === undefined || this.#unknown.get(mchid) === true) return of(undefined);
      return this.#asked.get(mchid) ?? this.#begin(source, mchid);
    });
  }

  /** Forgets what the source said of a number. An answer that is under way serves those who wait for it, and is not kept. */
  forget(mchid: string): void {
    this.#found.delete(mchid);
    this.#unknown.delete(mchid);
    this.#asked.delete(mchid);
  }

  /** Forgets what the source said of every number. */
  forgetAll(): void {
    this.#found.clear();
    this.#unknown.clear();
    this.#asked.clear();
  }

  #begin(source: MerchantSource, mchid: string): Observable<Merchant | undefined> {
    const isCurrent = () => this.#asked.get(mchid) === asking;
    // Before anybody hears of it: who asks again at once must find no course that has ended.
    const end = () => void (isCurrent() && this.#asked.delete(mchid));
    const asking: Observable<Merchant | undefined> = askSource(source, mchid, this.settings.askMs, this.scheduler).pipe(
      map((found) => this.#read(mchid, found)),
      catchError((error: unknown) => throwError(() => (error instanceof AttemptFault ? error : failure(error)))),
      tap({
        next: (merchant) => {
          if (isCurrent()) this.#keep(mchid, merchant);
          end();
        },
        error: end,
      }),
      finalize(end),
      share(),
    );
    this.#asked.set(mchid, asking);
    return asking;
  }

  #keep(mchid: string, merchant: Merchant | undefined): void {
    if (merchant === undefined) this.#unknown.set(mchid, true);
    else this.#found.set(mchid, merchant);
  }

  #read(mchid: string, found: FoundMerchant): Merchant | undefined {
    if (found === undefined || found === null) return undefined;
    const report = new OptionReport('merchant');
    const merchant = readMerchant(found, report, { signers: this.signers, verifiers: this.verifiers });
    if (report.issues.length > 0 || merchant === undefined) {
      const issues = report.issues.map(({ option, problem }) => `${option} ${problem}`).join('; ');
      throw sourceFault(`gave options that do not hold: ${issues}; mend them there.`);
    }
    if (merchant.mchid !== mchid)
      throw sourceFault("gave another merchant's options; it must give those it is asked for.");
    return merchant;
  }
}
