import type { z } from 'zod';

import type { OrderReference } from '../errors/order-reference.js';
import type { CloseState } from './scheduling/close-scheduler.js';
import type { Settlement } from './settlement.js';
import type { AnyCloseVariant } from '../close-order/any-close-variant.js';
import type { BUILT_IN_VARIANTS, BuiltInVariantName } from '../close-order/variants/built-in-variants.js';

/** A variant: the name of a built-in one, or one of your own that stands in the module's `variants`. */
export type VariantChoice = BuiltInVariantName | AnyCloseVariant;

/** What the close of a variant takes. */
export type RequestOf<TVariant extends VariantChoice> = RequestIn<
  TVariant extends BuiltInVariantName ? (typeof BUILT_IN_VARIANTS)[TVariant] : TVariant
>;

type RequestIn<TVariant> = TVariant extends { readonly request: z.ZodType<infer TRequest> } ? TRequest : never;

/** An order, as its close names it. */
export interface OrderToClose<TVariant extends VariantChoice = VariantChoice> {
  /** Which endpoint closes it. */
  readonly variant: TVariant;
  /** What the variant's close takes, in WeChat's own names. */
  readonly request: RequestOf<TVariant>;
  /** The number of the merchant that signs, where several are configured and the request does not carry it. */
  readonly merchant?: string;
  /**
   * When the order was placed, as a date or in milliseconds since 1970: now, where it is left out. Where WeChat Pay demands
   * a minimum age (APIv2: 5 minutes), it is closed no sooner.
   */
  readonly createdAt?: Date | number;
}

/**
 * An order that was scheduled, as {@link ScheduledClose.order} names it: by exactly one number. `mchid` may be left out where only
 * one merchant is configured; `sub_mchid` belongs to the name of an order that was placed for a sub-merchant.
 */
export type OrderName = { readonly [TField in keyof OrderReference]?: OrderReference[TField] | undefined };

/** When an order is to be closed: at a time, or after a while. */
export type CloseTime =
  | {
      /** A date, or milliseconds since 1970; not past, and 7 days ahead at most. Give WeChat Pay the same as `time_expire`. */
      readonly closeAt: Date | number;
      readonly closeAfter?: never;
    }
  | {
      /** Milliseconds from now, from 0 to 7 days. */
      readonly closeAfter: number;
      readonly closeAt?: never;
    };

/** What {@link AutoCloseService.schedule} takes. */
export type ScheduleClose<TVariant extends VariantChoice = VariantChoice> = OrderToClose<TVariant> & CloseTime;

/** What {@link AutoCloseService.reconcile} takes of each order: a `closeAt` may be past, and without one the order is closed now. */
export interface PendingOrder<TVariant extends VariantChoice = VariantChoice> extends OrderToClose<TVariant> {
  readonly closeAt?: Date | number;
}

/** An order that is scheduled. */
export interface ScheduledClose {
  /** Which order. It is what `cancel`, `closeNow` and `outcomeOf` take. */
  readonly order: OrderReference;
  /** When it is tried next. Of one that was there before, its own time, which did not change. */
  readonly closeAt: Date;
  /** `false` if it was there before, in whatever state but settled as `NOT_FOUND`. */
  readonly isNew: boolean;
  readonly state: CloseState;
}

/** What cancelling found: only `cancelled` means that the order is not closed any more. */
export type Cancellation =
  | {
      /**
       * - `cancelled`: it waited, or had been given up; it is gone and may be scheduled again.
       * - `running`: it is being closed at this moment; its handler is going to be called.
       * - `unknown`: it was never scheduled, or its record has gone.
       */
      readonly found: 'cancelled' | 'running' | 'unknown';
    }
  | {
      /** What became of the order is known already. */
      readonly found: 'settled';
      readonly settlement: Settlement;
    };

/** What closing an order at once found. */
export type Hurry =
  | {
      /**
       * - `due`: a worker closes it now. One that was given up is tried afresh.
       * - `running`: it is being closed at this moment.
       * - `unknown`: it was never scheduled, or its record has gone.
       */
      readonly found: 'due' | 'running' | 'unknown';
    }
  | { readonly found: 'settled'; readonly settlement: Settlement };

/** What reconciling did. The numbers add up to how many orders there were. */
export interface Reconciliation {
  /** They were missing and are scheduled now. */
  readonly scheduled: number;
  /** They were there and wait, or run. */
  readonly present: number;
  /** They had been given up and are tried afresh. */
  readonly tried: number;
  /** What became of them is recorded, and the handler took it: ask {@link AutoCloseService.outcomeOf}. */
  readonly settled: number;
  /** They do not hold; each was logged. */
  readonly invalid: number;
}
