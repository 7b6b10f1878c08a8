import type { ExchangeResult } from '../answers/exchange-result.js';
import type { Abandonable, Undertaking } from '../environment/undertaking.js';
import { attemptEndOf } from './attempt-end.js';
import type { AttemptEnd, AttemptFacts, AttemptObservation, CallObservation } from './call-observer.js';
import { harmlessly, type Surround, within } from './harmlessly.js';

/** A call under way, in the eyes of those who observe it. */
export interface ObservedCall {
  /**
   * Follows an attempt.
   *
   * @param attempt - that is followed
   * @param exchange - makes it
   * @param facts - says what is sent
   * @returns what comes of it
   */
  attempt(
    attempt: Undertaking<Abandonable>,
    exchange: () => Promise<ExchangeResult>,
    facts: () => AttemptFacts,
  ): Promise<ExchangeResult>;
  /** Hears what the call fails with, before the caller does. */
  failed(error: unknown): void;
}

/** A call whose attempts nobody observes. */
export const UNOBSERVED: ObservedCall = { attempt: (_, exchange) => exchange(), failed: () => {} };

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
    attempt: (attempt, exchange, facts) => {
      const begun = harmlessly(facts);
      if (begun === undefined) return exchange();
      const told = interested.flatMap((observation) => harmlessly(() => observation.attempt?.(begun)) ?? []);
      return told.length === 0 ? exchange() : followed(attempt, exchange, told);
    },
  };
}

async function followed(
  attempt: Undertaking<Abandonable>,
  exchange: () => Promise<ExchangeResult>,
  observations: readonly AttemptObservation[],
): Promise<ExchangeResult> {
  let isOver = false;
  const end = (told: AttemptEnd) => {
    if (isOver) return;
    isOver = true;
    for (const observation of observations) harmlessly(() => observation.end(told));
  };
  attempt.whenGivenUp(() => end({ kind: 'unsubscribed' }));
  // By an observer that was told of it: nothing is signed, and nobody hears of it.
  if (attempt.isGivenUp) return new Promise(() => {});
  try {
    const result = await within(surroundsOf(observations, 'within'), exchange);
    end(attemptEndOf(result));
    return result;
  } catch (error) {
    // An exchange answers what goes wrong; what it throws all the same is a fault of the library's.
    end({ kind: 'silent', phase: 'sent', reason: 'internal' });
    throw error;
  }
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
