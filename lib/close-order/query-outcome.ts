import type { ExchangeResult } from '../answers/exchange-result.js';
import type { OrderQuery } from './order-query.js';
import type { JudgedCall } from './judged-call.js';
import { otherOrder, provenAnswer, strangeAnswer } from './proven-answer.js';
import type { QueriedOrder } from './queried-order.js';
import { readTradeReport } from './trade-report.js';

/**
 * Decides what a query says of an order. Only an answer that names the order is believed.
 *
 * @param result - what came of the exchange
 * @param call - names the order
 * @param query - of the variant
 * @param complete - what was asked for
 * @throws {@link WechatPayError} where it says nothing that is proven
 */
export function queryOutcomeOf<TComplete>(
  result: ExchangeResult,
  call: JudgedCall,
  query: OrderQuery<TComplete>,
  complete: TComplete,
): QueriedOrder {
  const verified = provenAnswer(result, call);
  const { kind, content, fields, requestId } = verified.value;
  const response = kind === 'content' ? content : kind === 'done' ? fields : undefined;
  if (response === undefined) throw strangeAnswer(verified, call);
  const report = readTradeReport(response, query, complete);
  if (report === 'identity') throw otherOrder(verified, call);
  if (report === 'shape') throw strangeAnswer(verified, call);
  return { ...report, ...call, ...(requestId !== undefined && { requestId }), response };
}
