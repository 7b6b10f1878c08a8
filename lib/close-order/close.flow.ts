import { Inject, Injectable } from '@nestjs/common';

import type { Ear } from '../environment/ear.js';
import type { Abandonable } from '../environment/undertaking.js';
import { OrderNotFoundError } from '../errors/order-not-found.error.js';
import type { WechatPayError } from '../errors/wechat-pay.error.js';
import { AttemptRepeater } from './attempt.repeater.js';
import { paidByQuery, unconfirmed } from './close-errors.js';
import type { CloseVariant } from './close-variant.js';
import type { ClosedOrder } from './closed-order.js';
import { type Confirm, isSaidOfAnyOrder, isWorthAsking, meaningOfState } from './confirmation.js';
import type { Course } from './course.js';
import { CourseRunner } from './course.runner.js';
import { OrderExchange } from './order-exchange.js';
import type { OrderQuery } from './order-query.js';
import { outcomeOf } from './outcome.js';
import type { PreparedCall } from './prepared-call.js';
import type { QueriedOrder } from './queried-order.js';
import { queryOutcomeOf } from './query-outcome.js';

/** How often a close is sent at most, because a query says that the order is still open. */
const MOST_ROUNDS = 3;

/**
 * What the reply to a close came to: closed, a doubt that a query may settle, or an end that it may confirm, since a code names
 * no order.
 */
type Reply = { readonly closed: ClosedOrder } | { readonly doubt: WechatPayError } | { readonly said: WechatPayError };

/** A close under way. */
interface Closing<TRequest, TComplete> {
  readonly variant: CloseVariant<TRequest, TComplete>;
  readonly prepared: PreparedCall<TComplete>;
  readonly confirm: Confirm;
  readonly course: Course;
}

/** Closes and queries with retries, confirmation and a deadline. */
@Injectable()
export class CloseFlow {
  constructor(
    @Inject(OrderExchange) private readonly exchange: OrderExchange,
    @Inject(CourseRunner) private readonly runner: CourseRunner,
    @Inject(AttemptRepeater) private readonly repeater: AttemptRepeater,
  ) {}

  /**
   * Closes an order.
   *
   * @param variant - which endpoint
   * @param prepared - a request that holds
   * @param confirm - when a query decides
   * @param ear - hears what becomes of it
   * @returns gives it up
   */
  close<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    prepared: PreparedCall<TComplete>,
    confirm: Confirm,
    ear: Ear<ClosedOrder>,
  ): Abandonable {
    const start = (course: Course) => this.#round({ variant, prepared, confirm, course }, 1);
    return this.runner.run(variant, prepared.order, start, ear);
  }

  /**
   * Queries an order.
   *
   * @param variant - which endpoint
   * @param prepared - a request that holds
   * @param query - of the variant
   * @param ear - hears the answer
   * @returns gives it up
   */
  query<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    prepared: PreparedCall<TComplete>,
    query: OrderQuery<TComplete>,
    ear: Ear<QueriedOrder>,
  ): Abandonable {
    const start = (course: Course) => this.#ask(variant, prepared, query, course);
    return this.runner.run(variant, prepared.order, start, ear);
  }

  /** Closes, and asks where that may say more. */
  async #round<TRequest, TComplete>(close: Closing<TRequest, TComplete>, count: number): Promise<ClosedOrder> {
    const { variant, prepared, confirm, course } = close;
    const { query } = variant;
    const closing = this.repeater.attempts(
      course,
      (attempt, origin) => this.exchange.close(variant, prepared, attempt, origin),
      outcomeOf,
    );
    if (query === undefined || confirm === 'never') return closing;
    let reply: Reply;
    try {
      const closed = await closing;
      if (confirm === 'onDoubt') return closed;
      reply = { closed };
    } catch (error) {
      reply = replyOf(error, confirm);
    }
    if ('doubt' in reply && !this.repeater.mayAsk(course, reply.doubt)) throw reply.doubt;
    let queried: QueriedOrder;
    try {
      queried = await this.#ask(variant, prepared, query, course);
    } catch (error) {
      throw clearer(reply, error);
    }
    const meaning = meaningOfState(queried.state);
    if (meaning === 'closed') return confirmed(reply, queried);
    if (meaning === 'paid') throw paidByQuery(queried);
    if (meaning === 'unclear' || count >= MOST_ROUNDS) throw 'doubt' in reply ? reply.doubt : unconfirmed(queried);
    await this.repeater.pause(course, count);
    return this.#round(close, count + 1);
  }

  #ask<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    prepared: PreparedCall<TComplete>,
    query: OrderQuery<TComplete>,
    course: Course,
  ): Promise<QueriedOrder> {
    return this.repeater.attempts(
      course,
      (attempt, origin) => this.exchange.query(variant, prepared, query, attempt, origin),
      (result, call) => queryOutcomeOf(result, call, query, prepared.complete),
    );
  }
}

/**
 * What the reply to a close came to, where a query is to be made.
 *
 * @param error - that it ended in
 * @param confirm - when a query decides
 * @throws the error, where there is nothing to ask
 */
function replyOf(error: unknown, confirm: Confirm): Reply {
  if (isWorthAsking(error)) return { doubt: error };
  if (confirm === 'always' && isSaidOfAnyOrder(error)) return { said: error };
  throw error;
}

/** Where the query failed, too, the doubt that led to it says more, unless the order turns out not to exist. */
function clearer(reply: Reply, queryError: unknown): unknown {
  return 'doubt' in reply && !(queryError instanceof OrderNotFoundError) ? reply.doubt : queryError;
}

function confirmed(reply: Reply, { variant, order, attempts, requestId }: QueriedOrder): ClosedOrder {
  const closed =
    'closed' in reply
      ? reply.closed
      : { variant, order, alreadyClosed: false, ...(requestId !== undefined && { requestId }) };
  return { ...closed, state: 'CLOSED', confirmedBy: 'query', attempts };
}
