import type { Settlement } from './settlement.js';

/**
 * Plain callbacks for counters and histograms of your own. Each is optional; one that throws is ignored. They are called in
 * the process where it happens.
 */
export interface AutoCloseObserver {
  /** An order was scheduled that was not before. */
  scheduled?(event: { readonly variant: string }): void;
  /** A scheduled order was cancelled. */
  cancelled?(): void;
  /** An attempt begins. `lateMs` is how long after it was due. */
  started?(event: { readonly variant: string; readonly attempt: number; readonly lateMs: number }): void;
  /** An attempt is to be made again. `because` is in words, and never twice the same for two orders: no label. */
  retried?(event: { readonly variant: string; readonly afterMs: number; readonly because: string }): void;
  /** A settlement was recorded, once an order. `lateMs` is how long after it was to be closed. */
  settled?(event: { readonly settlement: Settlement; readonly lateMs: number }): void;
}
