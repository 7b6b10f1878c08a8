import { signatureOf } from '../signing/signature-of.js';
import type { EmulatorReply } from '../wire/emulator-reply.js';
import { bodyBytes, headBytes } from '../wire/reply-bytes.js';
import { DROPPED } from '../wire/transmission.js';
import type { Transmission, TransmissionStep } from '../wire/transmission.js';

import type {
  ConnectionFault,
  ContentLengthFault,
  Fault,
  RefuseFault,
  ResetFault,
  StallFault,
  TruncateFault,
} from './fault.js';
import { isConnectionFault } from './fault-levels.js';

/** A connection fault that keeps the request from being processed. */
export type EarlyFault = RefuseFault | (ResetFault & { readonly at: 'beforeProcessing' });

/** A connection fault that spoils how the reply is sent. */
export type LateFault = Exclude<ConnectionFault, RefuseFault>;

const RESET: TransmissionStep = { do: 'close', how: 'reset' };
/** Lets the client read what was sent, since a reset may overtake it. */
const PAUSE: TransmissionStep = { do: 'wait', ms: 20 };
const END: TransmissionStep = { do: 'close', how: 'end' };

/** The head of a TLS alert, over and over: nothing that a reader of HTTP could take for a status line. */
const NOT_HTTP = Buffer.from('15030300020228'.repeat(8), 'hex');

/**
 * Whether a fault cuts the connection before the request is processed.
 *
 * @param fault - any fault
 */
export function isEarlyFault(fault: Fault): fault is EarlyFault {
  return fault.kind === 'refuse' || (fault.kind === 'reset' && fault.at === 'beforeProcessing');
}

/**
 * Whether a fault is about how the finished reply is sent.
 *
 * @param fault - any fault
 */
export function isLateFault(fault: Fault): fault is LateFault {
  return isConnectionFault(fault) && !isEarlyFault(fault);
}

/**
 * What is sent in place of processing a request.
 *
 * @param fault - the fault
 */
export function cutEarly(fault: EarlyFault): Transmission {
  return fault.kind === 'refuse' ? DROPPED : { steps: [RESET] };
}

/**
 * How a finished reply is sent.
 *
 * @param fault - the fault
 * @param reply - the reply
 * @param sign - signs a reply that the fault has to give a body
 */
export function sendBadly(
  fault: LateFault,
  reply: EmulatorReply,
  sign: (reply: EmulatorReply) => EmulatorReply,
): Transmission {
  switch (fault.kind) {
    case 'reset':
      return resetAt(fault, reply, sign);
    case 'stall':
      return stallAt(fault, reply, sign);
    case 'drip':
      return {
        steps: [{ do: 'drip', bytes: Buffer.concat([headBytes(reply), bodyBytes(reply)]), everyMs: fault.ms }, END],
        reply,
      };
    case 'garbage':
      return { steps: [write(fault.text === undefined ? NOT_HTTP : Buffer.from(fault.text)), END] };
    case 'truncate':
      return truncated(fault, withBody(reply, sign));
    case 'contentLength':
      return mismeasured(fault, withBody(reply, sign));
  }
}

function resetAt(
  { at }: ResetFault,
  reply: EmulatorReply,
  sign: (reply: EmulatorReply) => EmulatorReply,
): Transmission {
  if (at === 'insideHeaders') return { steps: [write(half(headBytes(reply))), PAUSE, RESET] };
  if (at !== 'insideBody') return { steps: [RESET] };
  const full = withBody(reply, sign);
  return { steps: [write(headBytes(full)), write(half(full.body)), PAUSE, RESET] };
}

function stallAt(
  { at, ms }: StallFault,
  reply: EmulatorReply,
  sign: (reply: EmulatorReply) => EmulatorReply,
): Transmission {
  const stalled = at === 'headers' ? reply : withBody(reply, sign);
  const [head, body] = [write(headBytes(stalled)), write(bodyBytes(stalled))];
  if (ms === undefined) {
    const wait: TransmissionStep = { do: 'wait', ms: 'untilClientLeaves' };
    return { steps: at === 'headers' ? [wait] : [head, wait] };
  }
  const wait: TransmissionStep = { do: 'wait', ms };
  return { steps: at === 'headers' ? [wait, head, body, END] : [head, wait, body, END], reply: stalled };
}

function truncated({ bytes }: TruncateFault, reply: EmulatorReply): Transmission {
  const { length } = reply.body;
  const sent = Math.max(0, length - (bytes ?? Math.ceil(length / 2)));
  return { steps: [write(headBytes(reply)), write(reply.body.subarray(0, sent)), END] };
}

function mismeasured({ off }: ContentLengthFault, reply: EmulatorReply): Transmission {
  const length = String(Math.max(0, reply.body.length + off));
  const headers = reply.headers.filter(([name]) => name.toLowerCase() !== 'content-length');
  const head = headBytes({ ...reply, headers: [...headers, ['Content-Length', length]] });
  return { steps: [write(head), write(reply.body), END] };
}

function withBody(reply: EmulatorReply, sign: (reply: EmulatorReply) => EmulatorReply): EmulatorReply {
  if (reply.body.length > 0) return reply;
  const headers: EmulatorReply['headers'] = [['Content-Type', 'application/json; charset=utf-8'], ...reply.headers];
  const filled = { status: reply.status === 204 ? 200 : reply.status, headers, body: Buffer.from('{}') };
  return signatureOf(reply) === undefined ? filled : sign(filled);
}

function write(bytes: Buffer): TransmissionStep {
  return { do: 'write', bytes };
}

function half(bytes: Buffer): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}
