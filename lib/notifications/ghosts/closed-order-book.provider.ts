import type { ClassProvider, ExistingProvider, FactoryProvider, Provider, Type } from '@nestjs/common';

import { ClosedOrderBook } from './closed-order-book.js';

/** How a {@link ClosedOrderBook} is given: its class, or any of Nest's ways to provide one. */
export type ClosedOrderBookProvider =
  | Type<ClosedOrderBook>
  | Pick<ClassProvider<ClosedOrderBook>, 'useClass'>
  | Pick<ExistingProvider<ClosedOrderBook>, 'useExisting'>
  | Pick<FactoryProvider<ClosedOrderBook>, 'useFactory' | 'inject'>;

/**
 * The provider of the application's book.
 *
 * @param given - by the application; without it, `null` is provided, so that no book of another module is taken by chance
 */
export function closedOrderBookProvider(given: ClosedOrderBookProvider | undefined): Provider<ClosedOrderBook | null> {
  if (given === undefined) return { provide: ClosedOrderBook, useValue: null };
  return typeof given === 'function'
    ? { provide: ClosedOrderBook, useClass: given }
    : { provide: ClosedOrderBook, ...given };
}
