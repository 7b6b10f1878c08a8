import type { BulkEnding } from '../../close-order/bulk/bulk-outcome.js';
import { fingerprintInWords, parseFingerprint } from './fingerprint.js';
import type { Entry } from './ledger.js';
import { isOutcomeName } from './outcome-name.js';

/** The columns of the outcomes. Those that come first are what a later run goes by. */
export const COLUMNS = [
  'record',
  'fingerprint',
  'outcome',
  'final',
  'mchid',
  'sub_mchid',
  'out_trade_no',
  'combine_out_trade_no',
  'transaction_id',
  'confirmed_by',
  'attempts',
  'code',
  'request_id',
  'ended_at',
  'message',
] as const;

/** The highest record that is believed: beyond it the ledger would not fit. */
const MOST_RECORDS = 100_000_000;

/**
 * The cells of one outcome.
 *
 * @param record - of the input, 1 for the first
 * @param fingerprint - of the request
 * @param ending - what the close ended in
 * @param now - in milliseconds
 */
export function cellsOf(record: number, fingerprint: number, ending: BulkEnding, now: number): readonly string[] {
  const isClosed = ending.outcome === 'closed';
  const { order, attempts, requestId } = isClosed ? ending.order : ending.error;
  const paidBy = ending.outcome === 'paid' ? ending.error.transaction?.transaction_id : undefined;
  const cells: Readonly<Record<(typeof COLUMNS)[number], string | undefined>> = {
    record: String(record),
    fingerprint: fingerprintInWords(fingerprint),
    outcome: ending.outcome,
    final: isFinal(ending) ? 'yes' : 'no',
    mchid: order.mchid,
    sub_mchid: order.sub_mchid,
    out_trade_no: order.out_trade_no,
    combine_out_trade_no: order.combine_out_trade_no,
    transaction_id: paidBy ?? order.transaction_id,
    confirmed_by: isClosed ? ending.order.confirmedBy : undefined,
    attempts: String(attempts),
    code: isClosed ? undefined : ending.error.code,
    request_id: requestId,
    ended_at: new Date(now).toISOString(),
    message: isClosed ? undefined : ending.error.message,
  };
  return COLUMNS.map((column) => inOneLine(cells[column] ?? ''));
}

/** Whether a later run leaves the order alone: asking again would change nothing. */
export function isFinal(ending: BulkEnding): boolean {
  return ending.outcome === 'closed' || !ending.error.retryable;
}

/**
 * What a row says, as {@link cellsOf} wrote it.
 *
 * @param cells - of a row
 * @returns `undefined` for anything else
 */
export function parseRow(cells: readonly string[]): { record: number; entry: Entry } | undefined {
  const [number, digits, outcome, final] = cells;
  const record = Number(number);
  const fingerprint = parseFingerprint(digits);
  if (cells.length !== COLUMNS.length || !Number.isInteger(record) || record < 1 || record > MOST_RECORDS)
    return undefined;
  if (fingerprint === undefined || !isOutcomeName(outcome) || (final !== 'yes' && final !== 'no')) return undefined;
  return { record, entry: { outcome, fingerprint, isFinal: final === 'yes' } };
}

/** A row is a line: that is how one that was torn is told from a whole one. */
function inOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');
}
