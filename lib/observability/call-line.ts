import type { DoubtReason } from '../answers/doubt.js';
import type { LogFields, LogLevel } from '../environment/wechat-pay-log.js';
import { OrderPaidError } from '../errors/order-paid.error.js';
import { OutcomeUnknownError } from '../errors/outcome-unknown.error.js';
import { RequestRefusedError } from '../errors/request-refused.error.js';
import { ReverseRequiredError } from '../errors/reverse-required.error.js';
import { WechatPayError } from '../errors/wechat-pay.error.js';
import type { CallFacts } from './call-observer.js';

/** A line that a call's end is worth. */
export interface CallLine {
  readonly level: LogLevel;
  readonly event: string;
  readonly message: string;
  readonly fields: LogFields;
  /** Lines of one kind are limited together. */
  readonly kind: string;
  readonly perMinute: number;
}

/** How many lines of a kind a minute holds: about faults that concern every call, and about single orders. */
const PER_FAULT = 1;
const PER_ORDER = 20;

const KEY_FAULTS: ReadonlySet<DoubtReason> = new Set<DoubtReason>(['signature', 'serial', 'certificates']);
const FAULTS_OF_OURS: ReadonlySet<DoubtReason> = new Set<DoubtReason>([
  'merchant',
  'signer',
  'verifier',
  'interceptor',
  'internal',
]);

/**
 * What a call's end is worth saying, if anything: only what a person may have to act on.
 *
 * @param call - that ended
 * @param error - what it ended in
 */
export function callLine(call: CallFacts, error: unknown): CallLine | undefined {
  if (!(error instanceof WechatPayError)) return undefined;
  const fault = (event: string, about: string): CallLine => ({
    ...lineOf(call, error, 'error', event),
    kind: `${event} ${error.order.mchid} ${about}`,
    perMinute: PER_FAULT,
  });
  const ofOrder = (event: string, about: string): CallLine => ({
    ...lineOf(call, error, 'warn', event),
    kind: `${event} ${about}`,
    perMinute: PER_ORDER,
  });
  if (error instanceof RequestRefusedError) return fault('request_refused', error.code ?? '');
  if (error instanceof OutcomeUnknownError) {
    if (KEY_FAULTS.has(error.reason)) return fault('key_fault', error.reason);
    if (FAULTS_OF_OURS.has(error.reason)) return fault('application_fault', error.reason);
    return call.operation === 'query' ? undefined : ofOrder('outcome_unknown', error.reason);
  }
  if (call.operation === 'query') return undefined;
  if (error instanceof OrderPaidError) return ofOrder('order_paid', '');
  return error instanceof ReverseRequiredError ? ofOrder('reverse_required', '') : undefined;
}

function lineOf(
  { operation, variant }: CallFacts,
  error: WechatPayError,
  level: LogLevel,
  event: string,
): Pick<CallLine, 'level' | 'event' | 'message' | 'fields'> {
  const { name, message, outcome, order, code, status, requestId, authenticated, retryable, attempts } = error;
  const doubt =
    error instanceof OutcomeUnknownError ? { phase: error.phase, reason: error.reason, hint: error.hint } : {};
  const said = { code, status, requestId, authenticated, retryable, attempts, ...doubt };
  return { level, event, message, fields: { operation, variant, outcome, error: name, order, ...said } };
}
