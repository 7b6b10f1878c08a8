import type { CloseResult, EmulatorOrder } from '../orders/emulator-order.js';

/** Closes an order if that can be, at a time in milliseconds since 1970. */
export type CloseOrder = (order: EmulatorOrder, now: number) => CloseResult;
