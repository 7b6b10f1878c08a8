import { defer, type Observable } from 'rxjs';

import type { ExchangeResult } from '../answers/exchange-result.js';
import { attemptEndOf } from './attempt-end.js';
import type { AttemptEnd, AttemptFacts, AttemptObservation, CallObservation } from './call-observer.js';
import { harmlessly, type Surround, within } from './harmlessly.js';
import { watched } from './watched.js';

/** A call under way, in the eyes of those who observe it. */
export interface ObservedCall {
  /**
   * Follows an attempt.
   *
   * @param exchange - makes it; it does not fail
   * @param facts - says what is sent
   */
  attempt(exchange: Observable<ExchangeResult>, facts: () => AttemptFacts): Observable<ExchangeResult>;
  /** Hears what the call fails with, before the caller does. */
  failed(error: unknown): void;
}

/** A call whose attempts nobody observes. */
export const UNOBSERVED: ObservedCall = { attempt: (exchange) => exchange, failed: () => {} };

/**
 * Puts the observations of a call together.
 *
 * @param observations - of the call
 */
export function observedCall(observations: readonly CallObservation[]): ObservedCall {
  const interested = observations.filter((observation) => observation.attempt !== undefined);
  if (interested.length === 0) return UNOBSERVED;
  return {
    ...UNOBSERVED,
    attempt: (exchange, facts) =>
      defer(() => {
        const attempt = harmlessly(facts);
        if (attempt === undefined) return exchange;
        const told = interested.flatMap((observation) => harmlessly(() => observation.attempt?.(attempt)) ?? []);
        return told.length === 0 ? exchange : followed(exchange, told);
      }),
  };
}

function followed(
  exchange: Observable<ExchangeResult>,
  observations: readonly AttemptObservation[],
): Observable<ExchangeResult> {
  const end = (told: AttemptEnd) => {
    for (const observation of observations) harmlessly(() => observation.end(told));
  };
  return watched(exchange, {
    within: (run) => within(surroundsOf(observations, 'within'), run),
    outside: (run) => run(),
    emitted: (result) => end(attemptEndOf(result)),
    // An exchange answers what goes wrong; what it throws all the same is a fault of the library's.
    failed: () => end({ kind: 'silent', phase: 'sent', reason: 'internal' }),
    unsubscribed: () => end({ kind: 'unsubscribed' }),
  });
}

/**
 * What observations put around something.
 *
 * @param observations - the outermost first
 * @param name - of the method that does it
 */
export function surroundsOf<TName extends string>(
  observations: readonly { readonly [name in TName]?: Surround }[],
  name: TName,
): Surround[] {
  return observations.flatMap((observation) =>
    observation[name] === undefined ? [] : [(run) => observation[name]?.(run)],
  );
}
