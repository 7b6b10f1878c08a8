import { Observable } from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { ExchangeResult } from '../answers/exchange-result.js';
import { Attempt } from './attempt.js';

/**
 * What comes of an attempt, where no whole reply is a result, too.
 *
 * @param attempt - ends with it
 * @param exchange - under way
 */
export async function resultOf(attempt: Attempt, exchange: Promise<ExchangeResult>): Promise<ExchangeResult> {
  try {
    return await exchange;
  } catch (error) {
    if (error instanceof AttemptFault) return { kind: 'silence', doubt: error };
    throw error;
  } finally {
    attempt.finish();
  }
}

/**
 * Makes an attempt for each subscription, and gives it up when that ends.
 *
 * @param exchange - makes the attempt
 * @returns a cold Observable of what comes of it
 */
export function exchanged(exchange: (attempt: Attempt) => Promise<ExchangeResult>): Observable<ExchangeResult> {
  return new Observable((subscriber) => {
    const attempt = new Attempt();
    const tell = (result: ExchangeResult) => {
      subscriber.next(result);
      subscriber.complete();
    };
    exchange(attempt).then(tell, (error: unknown) => subscriber.error(error));
    return () => attempt.giveUp();
  });
}
