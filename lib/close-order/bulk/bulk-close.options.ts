import type { ObservableInput } from 'rxjs';
import type { z } from 'zod';

import type { AnyCloseVariant } from '../any-close-variant.js';
import type { CloseOptions } from '../call-options.js';
import type { BUILT_IN_VARIANTS, BuiltInVariantName } from '../variants/built-in-variants.js';
import type { BulkOutcome } from './bulk-outcome.js';

/** A variant: the name of a built-in one, or one of your own. */
export type BulkVariant = BuiltInVariantName | AnyCloseVariant;

type InputOf<TVariant> = TVariant extends { readonly request: z.ZodType<infer TRequest> } ? TRequest : never;

type Takes<TVariant> = TVariant extends BuiltInVariantName
  ? (request: InputOf<(typeof BUILT_IN_VARIANTS)[TVariant]>) => void
  : (request: InputOf<TVariant>) => void;

/** What the close of a variant takes; where it may be one of several variants, what all of them take. */
export type BulkRequest<TVariant extends BulkVariant> =
  Takes<TVariant> extends (request: infer TRequest) => void ? TRequest : never;

/** How many orders are closed, how fast, and from where on. */
export interface BulkCloseOptions<TVariant extends BulkVariant = BulkVariant> extends Pick<
  CloseOptions,
  'merchant' | 'confirm'
> {
  /** Which endpoint closes the orders. */
  readonly variant: TVariant;
  /**
   * How many orders are under way at once: 1 to 1,000. Those that wait for their turn count, too.
   *
   * @default 16
   */
  readonly concurrency?: number;
  /**
   * How many closes of one merchant begin in a second: from 0.1 to 10,000. A close is one request, more where it is retried or
   * confirmed. While WeChat Pay finds requests too frequent, there are fewer; it publishes no limit for closes.
   *
   * @default 100
   */
  readonly ratePerSecond?: number;
  /**
   * The index to begin at: a `checkpoint` of an earlier run over the same source in the same order. What comes before is read and
   * passed over.
   *
   * @default 0
   */
  readonly from?: number;
  /**
   * How many requests of an Observable may wait in memory: 1 to 10,000,000. One more ends the bulk close with
   * {@link BulkStoppedError}, after those that wait. Iterables wait by themselves.
   *
   * @default 100000
   */
  readonly buffer?: number;
  /**
   * How one order's close differs from the others, such as its `createdAt`. If it throws, that order alone fails.
   *
   * @param request - of the order
   * @param index - of the input
   */
  each?(request: BulkRequest<TVariant>, index: number): CloseOptions;
  /**
   * Takes each outcome before it is emitted, such as into a database. The order's place is not given to another one before
   * it is done, so that a slow store slows the closes down and no outcomes pile up. If it fails, the bulk close stops with
   * {@link BulkStoppedError}.
   *
   * @param outcome - of one order
   */
  record?(outcome: BulkOutcome<BulkRequest<TVariant>>): ObservableInput<unknown>;
}
