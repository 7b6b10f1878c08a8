import type { ConnectionFault, Fault, ReplyFault } from './fault.js';

const LEVELS: Readonly<Record<Fault['kind'], 'connection' | 'reply' | 'order'>> = {
  refuse: 'connection',
  reset: 'connection',
  stall: 'connection',
  drip: 'connection',
  garbage: 'connection',
  truncate: 'connection',
  contentLength: 'connection',
  delay: 'reply',
  status: 'reply',
  html: 'reply',
  redirect: 'reply',
  unsigned: 'reply',
  wrongSignature: 'reply',
  signTest: 'reply',
  replay: 'reply',
  stale: 'reply',
  header: 'reply',
  unknownSerial: 'reply',
  compress: 'reply',
  oversize: 'reply',
  throttle: 'reply',
  systemError: 'reply',
  inProgress: 'reply',
  certificates: 'reply',
  payDuringClose: 'order',
  loseReply: 'order',
};

/**
 * Whether a fault is one of the connection.
 *
 * @param fault - any fault
 */
export function isConnectionFault(fault: Fault): fault is ConnectionFault {
  return LEVELS[fault.kind] === 'connection';
}

/**
 * Whether a fault is one of the reply.
 *
 * @param fault - any fault
 */
export function isReplyFault(fault: Fault): fault is ReplyFault {
  return LEVELS[fault.kind] === 'reply';
}
