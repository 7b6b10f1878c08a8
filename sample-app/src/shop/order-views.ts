import { Inject, Injectable } from '@nestjs/common';
import { type EmulatorOrder, WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { type BookEntry, OrderBook } from '../closing/order-book.js';
import type { FaultChoice } from '../faults/fault-choice.js';
import { OrderFaults } from '../faults/order-faults.js';
import type { TimelineEntry } from '../timeline/timeline-entry.js';
import { Timeline } from '../timeline/timeline.js';
import { type CloseChoice, closeChoices } from './close-choices.js';

/** An order as the page shows it: the emulator's, how it is closed, and what happened to it. */
export interface OrderView extends Record<string, unknown> {
  readonly closes: readonly CloseChoice[];
  /** What happened at the shop and at WeChat Pay, oldest first. */
  readonly timeline: readonly TimelineEntry[];
  /** What the shop itself holds of it; absent where it was not placed here. */
  readonly book?: BookEntry;
  /** What goes wrong when it is closed the next time. */
  readonly fault?: FaultChoice;
  /** Greater in every later view, so that a page which gets two of them knows the newer one. */
  readonly version: number;
}

/** Shows orders. */
@Injectable()
export class OrderViews {
  // Beyond what this application counted to before it was started again.
  #version = Date.now() * 1_000;

  constructor(
    @Inject(WechatPayEmulator) private readonly emulator: WechatPayEmulator,
    @Inject(OrderBook) private readonly book: OrderBook,
    @Inject(OrderFaults) private readonly faults: OrderFaults,
    @Inject(Timeline) private readonly timeline: Timeline,
  ) {}

  /** All orders, newest first. */
  all(): OrderView[] {
    return this.emulator.orders.map((order) => this.of(order)).toReversed();
  }

  /** @param number - the merchant's */
  find(number: string): OrderView | undefined {
    const order = this.emulator.order(number);
    return order && this.of(order);
  }

  /** @param order - the emulator's */
  of(order: EmulatorOrder): OrderView {
    const { out_trade_no: number } = order;
    const [book, fault] = [this.book.find(number), this.faults.of(number)];
    return {
      ...order.toJSON(),
      closes: closeChoices(order),
      timeline: timelineOf(order, this.timeline.entriesOf(number)),
      ...(book && { book }),
      ...(fault && { fault }),
      version: ++this.#version,
    };
  }
}

function timelineOf({ changes }: EmulatorOrder, entries: readonly TimelineEntry[]): TimelineEntry[] {
  const changed = changes.map(({ state, at }, index): TimelineEntry => ({
    kind: 'change',
    state,
    at,
    key: `change-${index}`,
  }));
  return [...entries, ...changed].toSorted((one, other) => one.at - other.at || rank(one) - rank(other));
}

/** At the same millisecond a request comes before what it changes, and a change before who is told of it. */
function rank({ kind }: TimelineEntry): number {
  if (kind === 'change') return 1;
  return kind === 'call' || kind === 'attempt' ? 0 : 2;
}
