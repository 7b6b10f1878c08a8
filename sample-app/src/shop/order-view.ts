import type { EmulatorOrder } from 'nestjs-wechatpay/emulator';

import { type CloseChoice, closeChoices } from './close-choices.js';

/** An order as the page shows it: the emulator's, and the routes that close it. */
export interface OrderView extends Record<string, unknown> {
  readonly closes: readonly CloseChoice[];
}

/** @param order - the emulator's */
export function orderView(order: EmulatorOrder): OrderView {
  return { ...order.toJSON(), closes: closeChoices(order) };
}
