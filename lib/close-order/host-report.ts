import { OutcomeUnknownError } from '../errors/outcome-unknown.error.js';
import { WechatPayError } from '../errors/wechat-pay.error.js';
import type { HostReport } from '../transport/host-health.js';

/** Doubts of a connection that never stood; `timeout` and `reset` belong here only where nothing was sent. */
const UNREACHED = new Set(['connect', 'tls', 'proxy', 'timeout', 'reset']);
const FAILED = new Set(['reset', 'timeout', 'protocol', 'serverError']);

/**
 * What an attempt's error says of the host that it went to.
 *
 * @param error - of the attempt
 * @returns `undefined` where it says nothing: a fault of the application's own, or an answer that is not proven
 */
export function hostReportOf(error: unknown): HostReport | undefined {
  if (error instanceof OutcomeUnknownError) {
    if (error.phase === 'notSent') return UNREACHED.has(error.reason) ? 'unreachable' : undefined;
    if (FAILED.has(error.reason)) return 'failed';
  }
  return error instanceof WechatPayError && error.authenticated ? 'answered' : undefined;
}
