import { Inject, Injectable } from '@nestjs/common';
import { catchError, map, mergeMap, type Observable, of, throwError } from 'rxjs';

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
import type { PreparedCall } from './prepare-call.js';
import type { QueriedOrder } from './queried-order.js';
import { queryOutcomeOf } from './query-outcome.js';

/** How often a close is sent at most, because a query says that the order is still open. */
const MOST_ROUNDS = 3;

/**
 * What the reply to a close came to: closed, a doubt that a query may settle, or an end that it may confirm, since a code names
 * no order.
 */
type Reply = { readonly closed: ClosedOrder } | { readonly doubt: WechatPayError } | { readonly said: WechatPayError };

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
   * @returns a cold Observable; each subscription runs a course of its own
   */
  close<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    prepared: PreparedCall<TComplete>,
    confirm: Confirm,
  ): Observable<ClosedOrder> {
    const { query } = variant;
    const once = (course: Course, orElse?: (error: unknown) => Observable<ClosedOrder> | undefined) =>
      this.repeater.attempts(course, (origin) => this.exchange.close(variant, prepared, origin), outcomeOf, orElse);
    const round = (course: Course, count: number): Observable<ClosedOrder> => {
      if (query === undefined || confirm === 'never') return once(course);
      const ask = (reply: Reply) => {
        if ('doubt' in reply && !this.repeater.mayAsk(course, reply.doubt)) return throwError(() => reply.doubt);
        return this.#ask(variant, prepared, query, course).pipe(
          catchError((error: unknown) => throwError(() => clearer(reply, error))),
          mergeMap((queried) => {
            const next =
              count < MOST_ROUNDS ? this.repeater.afterPause(count, () => round(course, count + 1)) : undefined;
            return settled(reply, queried, next);
          }),
        );
      };
      if (confirm === 'always') return replyOf(once(course)).pipe(mergeMap(ask));
      return once(course, (error) => (isWorthAsking(error) ? ask({ doubt: error }) : undefined));
    };
    return this.runner.run(variant, prepared.order, (course) => round(course, 1));
  }

  /**
   * Queries an order.
   *
   * @param variant - which endpoint
   * @param prepared - a request that holds
   * @param query - of the variant
   * @returns a cold Observable; each subscription runs a course of its own
   */
  query<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    prepared: PreparedCall<TComplete>,
    query: OrderQuery<TComplete>,
  ): Observable<QueriedOrder> {
    return this.runner.run(variant, prepared.order, (course) => this.#ask(variant, prepared, query, course));
  }

  #ask<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    prepared: PreparedCall<TComplete>,
    query: OrderQuery<TComplete>,
    course: Course,
  ): Observable<QueriedOrder> {
    return this.repeater.attempts(
      course,
      (origin) => this.exchange.query(variant, prepared, query, origin),
      (result, call) => queryOutcomeOf(result, call, query, prepared.complete),
    );
  }
}

/** What a reply came to, where a query decides anyhow. */
function replyOf(close: Observable<ClosedOrder>): Observable<Reply> {
  return close.pipe(
    map((closed): Reply => ({ closed })),
    catchError((error: unknown) => {
      if (isWorthAsking(error)) return of<Reply>({ doubt: error });
      if (isSaidOfAnyOrder(error)) return of<Reply>({ said: error });
      return throwError(() => error);
    }),
  );
}

/** Where the query failed, too, the doubt that led to it says more, unless the order turns out not to exist. */
function clearer(reply: Reply, queryError: unknown): unknown {
  return 'doubt' in reply && !(queryError instanceof OrderNotFoundError) ? reply.doubt : queryError;
}

function settled(
  reply: Reply,
  queried: QueriedOrder,
  next: Observable<ClosedOrder> | undefined,
): Observable<ClosedOrder> {
  const undecided = () => throwError(() => ('doubt' in reply ? reply.doubt : unconfirmed(queried)));
  switch (meaningOfState(queried.state)) {
    case 'closed':
      return of(confirmed(reply, queried));
    case 'paid':
      return throwError(() => paidByQuery(queried));
    case 'open':
      return next ?? undecided();
    case 'unclear':
      return undecided();
  }
}

function confirmed(reply: Reply, { variant, order, attempts, requestId }: QueriedOrder): ClosedOrder {
  const closed =
    'closed' in reply
      ? reply.closed
      : { variant, order, alreadyClosed: false, ...(requestId !== undefined && { requestId }) };
  return { ...closed, state: 'CLOSED', confirmedBy: 'query', attempts };
}
