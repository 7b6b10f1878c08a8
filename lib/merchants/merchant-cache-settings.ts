import { DEFAULT_ATTEMPT_MS } from '../wechat-pay.constants.js';
import type { WechatPayModuleOptions } from '../wechat-pay.options.js';

const DEFAULT_MAX = 1_000;
const DEFAULT_TTL_MS = 600_000;
const LONGEST_UNKNOWN_MS = 10_000;

/** How a merchant source is asked, and how long its answers are kept. Times are in milliseconds. */
export class MerchantCacheSettings {
  /** How many merchants are kept at most; of numbers that the source does not know, as many again. */
  readonly max: number;
  /** How long a merchant is kept. */
  readonly ttlMs: number;
  /** How long it is remembered that the source does not know a number. */
  readonly unknownMs: number;
  /** How long the source may take. */
  readonly askMs: number;

  /** @param options - checked */
  constructor({ merchantCache, timeouts }: Pick<WechatPayModuleOptions, 'merchantCache' | 'timeouts'>) {
    this.max = merchantCache?.max ?? DEFAULT_MAX;
    this.ttlMs = merchantCache?.ttlMs ?? DEFAULT_TTL_MS;
    this.unknownMs = Math.min(this.ttlMs, LONGEST_UNKNOWN_MS);
    this.askMs = timeouts?.attemptMs ?? DEFAULT_ATTEMPT_MS;
  }
}
