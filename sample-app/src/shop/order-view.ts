import type { EmulatorOrder } from 'nestjs-wechatpay/emulator';

import type { BookEntry } from '../closing/order-book.js';
import { type CloseChoice, closeChoices } from './close-choices.js';

/** An order as the page shows it: the emulator's, and the routes that close it. */
export interface OrderView extends Record<string, unknown> {
  readonly closes: readonly CloseChoice[];
  /** What the shop itself holds of it; absent where it was not placed here. */
  readonly book?: BookEntry;
}

/**
 * @param order - the emulator's
 * @param book - the shop's entry for it
 */
export function orderView(order: EmulatorOrder, book?: BookEntry): OrderView {
  return { ...order.toJSON(), closes: closeChoices(order), ...(book && { book }) };
}
