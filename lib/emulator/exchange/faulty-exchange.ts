import type { EmulatorAnswer } from '../answers/emulator-answer.js';
import { faultyList } from '../certificates/faulty-list.js';
import type { EmulatorState } from '../emulator-state.js';
import { cutEarly, isEarlyFault, isLateFault, sendBadly } from '../faults/connection-faults.js';
import type { CertificateFault, Fault } from '../faults/fault.js';
import type { TakenFault } from '../faults/fault-book.js';
import { isReplyFault } from '../faults/fault-levels.js';
import { OrderFaults } from '../faults/order-faults.js';
import { isProcessed, rewritesOf } from '../faults/reply-faults.js';
import type { RequestFacts } from '../faults/request-facts.js';
import type { EmulatorExchange, Rewrites } from '../rewrites.js';
import type { CloseOrder } from '../routes/close-order.js';
import { signatureOf } from '../signing/signature-of.js';
import type { EmulatorReply } from '../wire/emulator-reply.js';
import { headerOf } from '../wire/emulator-request.js';
import type { RequestRecord } from '../wire/emulator-request.js';
import { DROPPED, whole } from '../wire/transmission.js';
import type { Transmission } from '../wire/transmission.js';

/** What goes wrong with one request. Each step counts the faults that it applies, and notes them in the request. */
export class FaultyExchange {
  readonly #request: RequestRecord;
  readonly #facts: RequestFacts;
  readonly #state: EmulatorState;
  readonly #orderFaults: OrderFaults;

  /**
   * @param request - the request
   * @param facts - what faults are matched with
   * @param state - what WeChat Pay knows
   */
  constructor(request: RequestRecord, facts: RequestFacts, state: EmulatorState) {
    this.#request = request;
    this.#facts = facts;
    this.#state = state;
    this.#orderFaults = new OrderFaults(state.faults, facts, (id) => this.#note(id));
  }

  /** First step: what is sent in place of all else, if the connection is cut before the request is processed. */
  cut(): Transmission | undefined {
    const early = this.#noted(this.#state.faults.takeFirst(isEarlyFault, this.#facts));
    return early && cutEarly(early.fault);
  }

  /** Second step: how the reply is changed, and how orders are closed; not at all if nothing is to be processed. */
  plan(): { readonly rewrites: Rewrites; readonly close: CloseOrder | undefined } {
    const faults = this.#state.faults.take(isReplyFault, this.#facts).map((taken) => this.#noted(taken).fault);
    const rewrites = rewritesOf(faults, {
      now: () => this.#state.clock.now(),
      signedReply: (request) => this.#signedReply(request),
      certificateList: (make) => this.#certificateList(make),
    });
    const close: CloseOrder = (order, now) => this.#orderFaults.close(order, now);
    return { rewrites, close: faults.every(isProcessed) ? close : undefined };
  }

  /**
   * Last step: how the reply is sent.
   *
   * @param reply - the finished reply, or that a rewrite drops the connection
   * @param sign - signs it anew
   */
  send(reply: EmulatorReply | 'drop', sign: EmulatorExchange['sign']): Transmission {
    if (reply === 'drop' || this.#orderFaults.isReplyLost) return DROPPED;
    const late = this.#noted(this.#state.faults.takeFirst(isLateFault, this.#facts));
    return late === undefined ? whole(reply) : sendBadly(late.fault, reply, sign);
  }

  #signedReply(id: number | undefined): EmulatorReply | undefined {
    const signed = this.#state.requests.all().filter(({ reply }) => reply && signatureOf(reply) !== undefined);
    return (id === undefined ? signed.at(-1) : signed.find((request) => request.id === id))?.reply;
  }

  #certificateList(make: CertificateFault['make']): EmulatorAnswer | undefined {
    const { certificates, merchants, clock } = this.#state;
    if (this.#facts.template?.endsWith('/certificates') !== true) return undefined;
    // Only an authenticated request gets as far as an answer that is signed.
    const [, mchid = ''] = /mchid="(\d+)"/.exec(headerOf(this.#request, 'authorization') ?? '') ?? [];
    const apiV3Key = merchants.find(mchid)?.apiV3Key;
    return apiV3Key === undefined ? undefined : faultyList(make, certificates.listed, apiV3Key, clock.now());
  }

  #noted<Taken extends TakenFault<Fault> | undefined>(taken: Taken): Taken {
    if (taken !== undefined) this.#note(taken.id);
    return taken;
  }

  #note(id: string): void {
    this.#request.faults = [...this.#request.faults, id];
  }
}
