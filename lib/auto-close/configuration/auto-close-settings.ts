import type { AutoCloseModuleOptions } from '../auto-close.options.js';
import type { AutoCloseObserver } from '../auto-close.observer.js';

const DAY_MS = 86_400_000;

/** What the options come to. Times are in milliseconds. */
export class AutoCloseSettings {
  readonly isWorker: boolean;
  readonly concurrency: number;
  readonly settleWithinMs: number;
  readonly retry: { readonly baseMs: number; readonly maxMs: number };
  readonly giveUpAfterMs: number;
  readonly notFoundAfterMs: number;
  readonly handlerTimeoutMs: number;
  readonly drainMs: number;
  readonly keepSettledForMs: number;
  readonly observer: AutoCloseObserver;

  /** @param options - checked */
  constructor(options: AutoCloseModuleOptions) {
    this.isWorker = options.worker ?? true;
    this.concurrency = options.concurrency ?? 20;
    this.settleWithinMs = options.settleWithinMs ?? 20_000;
    this.retry = { baseMs: options.retry?.baseMs ?? 1_000, maxMs: options.retry?.maxMs ?? 300_000 };
    this.giveUpAfterMs = options.giveUpAfterMs ?? DAY_MS;
    this.notFoundAfterMs = options.notFoundAfterMs ?? 60_000;
    this.handlerTimeoutMs = options.handlerTimeoutMs ?? 30_000;
    this.drainMs = options.drainMs ?? 10_000;
    this.keepSettledForMs = options.keepSettledForMs ?? 7 * DAY_MS;
    this.observer = options.observer ?? {};
  }
}
