import type { AutoCloseObserver } from '../auto-close/auto-close.observer.js';
import type { Settlement } from '../auto-close/settlement.js';
import { counter, Instruments } from './instruments.js';

/** From a tenth of a second to a day: an order may be late because nobody was there to close it. */
const LATENESS_SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600, 21_600, 86_400];

/**
 * Measures auto-close with OpenTelemetry: counters of what happens, and histograms of how late it does. It does nothing until
 * the application installs an SDK.
 *
 * @example
 * ```ts
 * AutoCloseModule.forRoot({ store, observer: new AutoCloseTelemetry() })
 * ```
 */
export class AutoCloseTelemetry implements AutoCloseObserver {
  readonly #instruments = new Instruments((meter, seconds) => ({
    scheduled: counter(meter, 'wechatpay.auto_close.scheduled', 'order', 'Orders that were scheduled.'),
    cancelled: counter(meter, 'wechatpay.auto_close.cancelled', 'order', 'Scheduled orders that were cancelled.'),
    attempts: counter(meter, 'wechatpay.auto_close.attempts', 'attempt', 'Attempts that began.'),
    retries: counter(meter, 'wechatpay.auto_close.retries', 'attempt', 'Attempts that are to be made again.'),
    settled: counter(meter, 'wechatpay.auto_close.settled', 'order', 'Settlements that were recorded.'),
    startLateness: seconds(
      'wechatpay.auto_close.start.lateness',
      'How long after it was due an attempt began.',
      LATENESS_SECONDS,
    ),
    settleLateness: seconds(
      'wechatpay.auto_close.settle.lateness',
      'How long after it was to be closed an order was settled.',
      LATENESS_SECONDS,
    ),
  }));

  scheduled({ variant }: { readonly variant: string }): void {
    this.#instruments.current.scheduled.add(1, { 'wechatpay.variant': variant });
  }

  cancelled(): void {
    this.#instruments.current.cancelled.add(1);
  }

  started({ variant, lateMs }: { readonly variant: string; readonly lateMs: number }): void {
    const { attempts, startLateness } = this.#instruments.current;
    attempts.add(1, { 'wechatpay.variant': variant });
    startLateness.record(lateMs / 1_000, { 'wechatpay.variant': variant });
  }

  retried({ variant }: { readonly variant: string }): void {
    this.#instruments.current.retries.add(1, { 'wechatpay.variant': variant });
  }

  settled({ settlement, lateMs }: { readonly settlement: Settlement; readonly lateMs: number }): void {
    const { settled, settleLateness } = this.#instruments.current;
    const labels = {
      'wechatpay.variant': settlement.variant,
      'wechatpay.outcome': settlement.state.toLowerCase(),
      ...(settlement.state === 'GIVEN_UP' && { 'wechatpay.reason': settlement.reason }),
    };
    settled.add(1, labels);
    settleLateness.record(lateMs / 1_000, labels);
  }
}
