import { DEFAULT_SHUTDOWN_MS } from '../wechat-pay.constants.js';
import type { WechatPayModuleOptions } from '../wechat-pay.options.js';
import type { Confirm } from './confirmation.js';
import type { RetrySettings } from './retry-policy.js';

const DEFAULT_TOTAL_MS = 15_000;
const DEFAULT_RETRY: RetrySettings = { attempts: 3, baseMs: 200, maxMs: 2_000 };

/** How a close goes on after its first attempt. */
export class FlowSettings {
  /** Wall-clock limit of a whole call, in milliseconds. */
  readonly totalMs: number;
  /** How long calls may go on at shutdown, in milliseconds. */
  readonly shutdownMs: number;
  readonly confirm: Confirm;
  readonly retry: RetrySettings;

  /** @param options - checked */
  constructor({ timeouts, confirm, retry }: Pick<WechatPayModuleOptions, 'timeouts' | 'confirm' | 'retry'>) {
    this.totalMs = timeouts?.totalMs ?? DEFAULT_TOTAL_MS;
    this.shutdownMs = timeouts?.shutdownMs ?? DEFAULT_SHUTDOWN_MS;
    this.confirm = confirm ?? 'onDoubt';
    this.retry = {
      attempts: retry?.attempts ?? DEFAULT_RETRY.attempts,
      baseMs: retry?.baseMs ?? DEFAULT_RETRY.baseMs,
      maxMs: retry?.maxMs ?? DEFAULT_RETRY.maxMs,
    };
  }
}
