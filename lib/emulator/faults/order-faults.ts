import type { CloseResult, EmulatorOrder } from '../orders/emulator-order.js';

import type { Fault, LoseReplyFault, OrderFault, PayDuringCloseFault } from './fault.js';
import type { FaultBook } from './fault-book.js';
import type { RequestFacts } from './request-facts.js';

/** Closes an order, and applies the faults that are about just that. One for each request. */
export class OrderFaults {
  #isReplyLost = false;

  /**
   * @param faults - the faults in force
   * @param facts - the request
   * @param note - is told the id of each fault that applies
   */
  constructor(
    private readonly faults: FaultBook,
    private readonly facts: RequestFacts,
    private readonly note: (id: string) => void,
  ) {}

  /** Whether the connection shall drop in place of the reply. */
  get isReplyLost(): boolean {
    return this.#isReplyLost;
  }

  /**
   * Closes an order if that can be.
   *
   * @param order - the order
   * @param now - milliseconds since 1970
   */
  close(order: EmulatorOrder, now: number): CloseResult {
    const isPayable = order.state === 'NOTPAY' || order.state === 'USERPAYING';
    if (isPayable && this.#applies(isPayDuringClose)) order.pay(now);
    const result = order.close(now);
    if (result === 'closed' && this.#applies(isLoseReply)) this.#isReplyLost = true;
    return result;
  }

  #applies(isOfSort: (fault: Fault) => fault is OrderFault): boolean {
    const taken = this.faults.takeFirst(isOfSort, this.facts);
    if (taken !== undefined) this.note(taken.id);
    return taken !== undefined;
  }
}

function isPayDuringClose(fault: Fault): fault is PayDuringCloseFault {
  return fault.kind === 'payDuringClose';
}

function isLoseReply(fault: Fault): fault is LoseReplyFault {
  return fault.kind === 'loseReply';
}
