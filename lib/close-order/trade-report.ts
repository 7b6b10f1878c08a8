import type { PaidTransaction } from '../errors/paid-transaction.js';
import type { OrderQuery, QueriedPart } from './order-query.js';
import type { TradeState } from './queried-order.js';

type Content = Readonly<Record<string, unknown>>;

/** What an answer to a query reports. */
export interface TradeReport {
  readonly state: TradeState;
  readonly transaction?: PaidTransaction;
}

const STATES: ReadonlySet<unknown> = new Set<TradeState>([
  'NOTPAY',
  'SUCCESS',
  'REFUND',
  'CLOSED',
  'REVOKED',
  'USERPAYING',
  'PAYERROR',
  'ACCEPT',
]);

/**
 * Reads a verified answer to a query.
 *
 * @param content - APIv3's JSON object or APIv2's fields
 * @param query - of the variant
 * @param complete - what was asked for
 * @returns the report; `'identity'` if the answer is about another order, `'shape'` if it reports no state
 */
export function readTradeReport<TComplete>(
  content: Content,
  query: OrderQuery<TComplete>,
  complete: TComplete,
): TradeReport | 'identity' | 'shape' {
  if (!namesOrder(content, query.number(complete))) return 'identity';
  const parts = query.parts?.(complete);
  if (parts === undefined) {
    return namesParties(content, query.parties(complete)) ? reportOf([content]) : 'identity';
  }
  const subOrders = Array.isArray(content['sub_orders']) ? content['sub_orders'].filter(isContent) : [];
  const sameParts =
    subOrders.length === parts.length && parts.every((part) => subOrders.some((sub) => isPart(sub, part)));
  return sameParts ? reportOf(subOrders) : 'identity';
}

function namesOrder(content: Content, [names, value]: readonly [readonly string[], string]): boolean {
  const given = names.map((name) => content[name]).filter((found) => found !== undefined);
  return given.length > 0 && given.every((found) => found === value);
}

function namesParties(content: Content, parties: Readonly<Record<string, string | undefined>>): boolean {
  const sent = Object.entries(parties).filter(([, value]) => value !== undefined);
  const returned = sent.filter(([name]) => content[name] !== undefined);
  return returned.length > 0 && returned.every(([name, value]) => content[name] === value);
}

function isPart(sub: Content, { mchid, sub_mchid, out_trade_no }: QueriedPart): boolean {
  return (
    sub['mchid'] === mchid && (sub['sub_mchid'] ?? undefined) === sub_mchid && sub['out_trade_no'] === out_trade_no
  );
}

/** A combined order is paid as a whole or not at all, and closed when every part is. */
function reportOf(reports: readonly Content[]): TradeReport | 'shape' {
  const states = reports.map((report) => report['trade_state']);
  if (!states.every(isState)) return 'shape';
  const [first] = states;
  const state =
    states.find((found) => found === 'SUCCESS') ??
    states.find((found) => found === 'REFUND') ??
    (states.every((found) => found === first)
      ? first
      : states.find((found) => found !== 'CLOSED' && found !== 'REVOKED'));
  if (state === undefined) return 'shape';
  return state === 'SUCCESS' || state === 'REFUND' ? { state, transaction: transactionOf(state, reports) } : { state };
}

function transactionOf(state: 'SUCCESS' | 'REFUND', [report = {}]: readonly Content[]): PaidTransaction {
  const transaction_id = report['transaction_id'] ?? report['id'];
  const success_time = report['success_time'] ?? report['time_end'];
  return {
    state,
    ...(typeof transaction_id === 'string' && { transaction_id }),
    ...(typeof success_time === 'string' && { success_time }),
  };
}

function isState(value: unknown): value is TradeState {
  return STATES.has(value);
}

function isContent(value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
