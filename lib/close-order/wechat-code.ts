/** What a code means for a close. */
export type CodeMeaning =
  'closed' | 'paid' | 'not_found' | 'in_progress' | 'server_error' | 'rate_limited' | 'trade_state' | 'refused';

/**
 * WeChat's codes in one spelling, without underscores: WeChat itself writes ORDERPAID and ORDER_PAID, USERPAYING and
 * USER_PAYING, and so on.
 *
 * @see protocol: errors of APIv2 and APIv3, contradictions #6 and #8
 */
const MEANINGS: ReadonlyMap<string, CodeMeaning> = new Map([
  ['ORDERCLOSED', 'closed'],
  ['ORDERPAID', 'paid'],
  ['ORDERNOTEXIST', 'not_found'],
  ['ORDERNOTEXISTS', 'not_found'],
  ['USERPAYING', 'in_progress'],
  ['SYSTEMERROR', 'server_error'],
  ['BANKERROR', 'server_error'],
  ['SERVICEUNAVAILABLE', 'server_error'],
  ['FREQUENCYLIMITED', 'rate_limited'],
  ['RATELIMITEXCEEDED', 'rate_limited'],
  ['RATELIMITED', 'rate_limited'],
  ['TRADEERROR', 'trade_state'],
  ['APPIDMCHIDNOTMATCH', 'refused'],
  ['INVALIDREQUEST', 'refused'],
  ['MCHNOTEXISTS', 'refused'],
  ['PARAMERROR', 'refused'],
  ['SIGNERROR', 'refused'],
  ['ACCOUNTERROR', 'refused'],
  ['NOAUTH', 'refused'],
  ['NOTENOUGH', 'refused'],
  ['OUTTRADENOUSED', 'refused'],
  ['RULELIMIT', 'refused'],
  ['INVALIDTRANSACTIONID', 'refused'],
  ['OPENIDMISMATCH', 'refused'],
  ['REQUIREPOSTMETHOD', 'refused'],
  ['XMLFORMATERROR', 'refused'],
]);

/**
 * What an error answer means for a close. A code that is not in the table is judged by its status: 429 is a limit, other
 * 4xx a refusal, anything else WeChat's own trouble. An answer without a code says nothing definite.
 *
 * @param code - in either spelling
 * @param status - HTTP status of the answer
 */
export function meaningOf(code: string | undefined, status: number): CodeMeaning | 'nothing' {
  const known = code === undefined ? undefined : MEANINGS.get(code.replaceAll('_', '').toUpperCase());
  if (known !== undefined) return known;
  if (status === 429) return 'rate_limited';
  if (status >= 400 && status < 500) return code === undefined ? 'nothing' : 'refused';
  return 'server_error';
}
