import type { ExchangeResult } from '../answers/exchange-result.js';
import type { AttemptEnd } from './call-observer.js';

/**
 * What observers are told of an attempt's end.
 *
 * @param result - of the exchange
 */
export function attemptEndOf(result: ExchangeResult): AttemptEnd {
  if (result.kind === 'silence') return { kind: 'silent', phase: result.doubt.phase, reason: result.doubt.reason };
  if (result.kind === 'verified') {
    const { status, code, requestId } = result.answer.value;
    return { kind: 'verified', status, code, requestId };
  }
  const { status, code, requestId } = result.answer;
  return { kind: 'unverified', status, code, requestId, phase: result.doubt.phase, reason: result.doubt.reason };
}
