import { Observable } from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { ExchangeResult, Silence } from '../answers/exchange-result.js';
import { Attempt } from './attempt.js';

/**
 * What comes of an attempt without a whole reply.
 *
 * @param error - that it ended in
 * @throws the error, where it is none of an attempt's
 */
export function silenceOf(error: unknown): Silence {
  if (error instanceof AttemptFault) return { kind: 'silence', doubt: error };
  throw error;
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
