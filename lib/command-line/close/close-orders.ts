import { lastValueFrom, Subject, takeUntil, tap } from 'rxjs';

import type { CloseOrderService } from '../../close-order/close-order.service.js';
import type { BulkCloseOptions } from '../../close-order/bulk/bulk-close.options.js';
import { BUILT_IN_VARIANTS } from '../../close-order/variants/built-in-variants.js';
import type { AnyCloseVariant } from '../../close-order/any-close-variant.js';
import { BulkStoppedError } from '../../errors/bulk-stopped.error.js';
import { InvalidRequestError } from '../../errors/invalid-request.error.js';
import { CommandError, wordsOf } from '../command-error.js';
import type { Terminal } from '../terminal.js';
import type { CloseArguments } from './arguments.js';
import type { OutcomeFile } from './outcome-file.js';
import type { Pending, PendingOrders } from './pending.js';
import type { Progress } from './progress.js';

/** What the orders are closed with. */
export interface Closing {
  readonly service: CloseOrderService;
  readonly orders: PendingOrders;
  readonly out: OutcomeFile;
  readonly args: CloseArguments;
  readonly progress: Progress;
}

/**
 * Closes the orders that are left, and writes down what became of each.
 *
 * @param closing - which orders, with what
 * @param terminal - that may interrupt
 * @returns whether it came to the input's end
 * @throws {@link CommandError} where reading or writing fails meanwhile
 */
export async function closeOrders(closing: Closing, terminal: Terminal): Promise<boolean> {
  let interruptions = 0;
  const aborted = new Subject<void>();
  const underWay = new Map<number, Pending>();
  const offInterrupt = terminal.onInterrupt?.(() => {
    interruptions++;
    if (interruptions === 1)
      terminal.complain(`The orders under way (${underWay.size}) are let end. Again aborts them.`);
    else aborted.next();
  });
  try {
    const source = requestsOf(closing.orders, underWay, () => interruptions > 0);
    const ended = closing.service.many<AnyCloseVariant>(source, optionsOf(closing, underWay)).pipe(
      tap(({ outcome }) => closing.progress.step(outcome === 'closed')),
      takeUntil(aborted),
    );
    await lastValueFrom(ended, { defaultValue: undefined });
  } catch (error) {
    throw inWords(error);
  } finally {
    offInterrupt?.();
  }
  return interruptions === 0;
}

/** The requests alone; which record each is of stands beside, by the index that `many` knows it by. */
async function* requestsOf(
  orders: PendingOrders,
  underWay: Map<number, Pending>,
  isInterrupted: () => boolean,
): AsyncGenerator<unknown, void> {
  let index = 0;
  for await (const order of orders.read()) {
    if (isInterrupted()) return;
    underWay.set(index++, order);
    yield order.request;
  }
}

function optionsOf({ out, args }: Closing, underWay: Map<number, Pending>): BulkCloseOptions<AnyCloseVariant> {
  const { variant, merchant, confirm, concurrency, rate } = args;
  return {
    variant: BUILT_IN_VARIANTS[variant],
    ...(merchant !== undefined && { merchant }),
    ...(confirm !== undefined && { confirm }),
    ...(concurrency !== undefined && { concurrency }),
    ...(rate !== undefined && { ratePerSecond: rate }),
    record: async (ended) => {
      const order = underWay.get(ended.index);
      if (order === undefined) return;
      underWay.delete(ended.index);
      await out.add(order.record, order.fingerprint, ended);
    },
  };
}

function inWords(error: unknown): unknown {
  if (error instanceof InvalidRequestError) return new CommandError(error.message);
  if (!(error instanceof BulkStoppedError)) return error;
  if (error.cause instanceof CommandError) return error.cause;
  const what = error.reason === 'record' ? '--out cannot be written' : '--from cannot be read';
  return new CommandError(
    `${what} any more: ${wordsOf(error.cause)}. What was closed before stands in --out; run it again.`,
  );
}
