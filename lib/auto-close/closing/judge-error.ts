import { InvalidRequestError } from '../../errors/invalid-request.error.js';
import { OrderNotFoundError } from '../../errors/order-not-found.error.js';
import { OrderTooYoungError } from '../../errors/order-too-young.error.js';
import { OutcomeUnknownError } from '../../errors/outcome-unknown.error.js';
import { RequestRefusedError } from '../../errors/request-refused.error.js';
import { ReverseRequiredError } from '../../errors/reverse-required.error.js';
import { WechatPayError } from '../../errors/wechat-pay.error.js';
import type { GiveUpReason } from '../settlement.js';

/**
 * What an attempt that failed means.
 *
 * - `notFound`: WeChat Pay's signed word that there is no such order.
 * - `giveUp`: asking again changes nothing before a person has changed something.
 * - `again`: not certain; not before `notBefore`, and not sooner than `leastMs`.
 * - `shutdown`: the client was shut down.
 */
export type ErrorMeaning =
  | { readonly kind: 'notFound' }
  | { readonly kind: 'giveUp'; readonly reason: GiveUpReason }
  | { readonly kind: 'again'; readonly leastMs?: number; readonly notBefore?: number }
  | { readonly kind: 'shutdown' };

/**
 * Judges what `CloseOrderService.settle` ended in.
 *
 * @param error - of whatever kind; one that is not known is worth another attempt
 */
export function judgeError(error: unknown): ErrorMeaning {
  if (error instanceof OrderNotFoundError) return { kind: 'notFound' };
  if (error instanceof RequestRefusedError) return { kind: 'giveUp', reason: 'refused' };
  if (error instanceof InvalidRequestError) return { kind: 'giveUp', reason: 'invalidRequest' };
  if (error instanceof ReverseRequiredError) return { kind: 'giveUp', reason: 'needsReverse' };
  if (error instanceof OutcomeUnknownError && error.reason === 'shutdown') return { kind: 'shutdown' };
  if (error instanceof OrderTooYoungError) return { kind: 'again', notBefore: error.closableAt.getTime() };
  if (error instanceof WechatPayError && error.retryAfterMs !== undefined) {
    return { kind: 'again', leastMs: error.retryAfterMs };
  }
  return { kind: 'again' };
}
