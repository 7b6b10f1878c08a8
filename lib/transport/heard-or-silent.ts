import { AttemptFault } from '../answers/attempt-fault.js';
import type { ExchangeResult } from '../answers/exchange-result.js';

/**
 * Makes of an attempt that brought no whole reply a result like any other.
 *
 * @param exchange - the attempt
 */
export async function heardOrSilent(exchange: () => Promise<ExchangeResult>): Promise<ExchangeResult> {
  try {
    return await exchange();
  } catch (error) {
    if (error instanceof AttemptFault) return { kind: 'silence', doubt: error };
    throw error;
  }
}
