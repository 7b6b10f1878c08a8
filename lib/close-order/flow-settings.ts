import type { WechatPayModuleOptions } from '../wechat-pay.options.js';
import type { Confirm } from './confirmation.js';
import type { RetrySettings } from './retry-policy.js';

const DEFAULT_TOTAL_MS = 15_000;
const DEFAULT_RETRY: RetrySettings = { attempts: 3, baseMs: 200, maxMs: 2_000 };

/** How a close goes on after its first attempt. */
export class FlowSettings {
  /** Wall-clock limit of a whole call, in milliseconds. */
  readonly totalMs: number;
  readonly confirm: Confirm;
  readonly retry: RetrySettings;

  /** @param options - checked */
  constructor({ timeouts, confirm, retry }: Pick<WechatPayModuleOptions, 'timeouts' | 'confirm' | 'retry'>) {
    this.totalMs = timeouts?.totalMs ?? DEFAULT_TOTAL_MS;
    this.confirm = confirm ?? 'onDoubt';
    this.retry = {
      attempts: retry?.attempts ?? DEFAULT_RETRY.attempts,
      baseMs: retry?.baseMs ?? DEFAULT_RETRY.baseMs,
      maxMs: retry?.maxMs ?? DEFAULT_RETRY.maxMs,
    };
  }
}
