import { setTimeout as sleep } from 'node:timers/promises';

import type { EmulatorAnswer } from '../answers/emulator-answer.js';
import type { EmulatorExchange, ReplyRewrite } from '../rewrites.js';
import { Rewrites } from '../rewrites.js';
import type { EmulatorReply } from '../wire/emulator-reply.js';

import { faultyAnswer, isAnswerFault } from './answer-faults.js';
import type { AnswerFault } from './answer-faults.js';
import { compressed, oversized, spoilHeader } from './content-faults.js';
import type { CertificateFault, ReplyFault } from './fault.js';
import { htmlReply, redirectReply } from './gateway-faults.js';
import { spoilSignature } from './signature-faults.js';

/** What faults of the reply need to know of the emulator. */
export interface ReplySurroundings {
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  /** An earlier signed reply: that of a request, or the latest one. */
  readonly signedReply: (request: number | undefined) => EmulatorReply | undefined;
  /** What takes the place of the list of certificates; nothing if the request is for something else. */
  readonly certificateList: (make: CertificateFault['make']) => EmulatorAnswer | undefined;
}

/**
 * Whether a request is processed though a fault spoils its reply.
 *
 * @param fault - the fault
 */
export function isProcessed(fault: ReplyFault): boolean {
  if (!('processed' in fault) || fault.processed === undefined) return fault.kind !== 'throttle';
  return fault.processed;
}

/**
 * The rewrites that faults of the reply amount to.
 *
 * @param faults - those that apply to a request, in the order they were added
 * @param surroundings - what they need to know
 */
export function rewritesOf(faults: readonly ReplyFault[], surroundings: ReplySurroundings): Rewrites {
  const rewrites = new Rewrites();
  for (const fault of faults) {
    if (isAnswerFault(fault)) addAnswer(fault, rewrites);
    else if (fault.kind === 'certificates') rewrites.addBeforeSigning(() => surroundings.certificateList(fault.make));
    else rewrites.addAfterSigning((reply, exchange) => rewritten(fault, reply, exchange, surroundings));
  }
  return rewrites;
}

function addAnswer(fault: AnswerFault, rewrites: Rewrites): void {
  let isAnswered = false;
  rewrites.addBeforeSigning((answer) => {
    isAnswered = true;
    return faultyAnswer(fault.kind, answer);
  });
  if (fault.kind !== 'throttle' || fault.retryAfter === undefined) return;
  const header = ['Retry-After', fault.retryAfter] as const;
  rewrites.addAfterSigning((reply) => (isAnswered ? { ...reply, headers: [...reply.headers, header] } : undefined));
}

function rewritten(
  fault: Exclude<ReplyFault, AnswerFault | CertificateFault>,
  reply: EmulatorReply,
  { sign }: EmulatorExchange,
  { now, signedReply }: ReplySurroundings,
): ReturnType<ReplyRewrite> {
  switch (fault.kind) {
    case 'delay':
      return sleep(fault.ms, undefined, { ref: false });
    case 'status':
      return { ...reply, status: fault.status };
    case 'html':
      return htmlReply(fault, reply);
    case 'redirect':
      return redirectReply(fault, reply);
    case 'unsigned':
    case 'wrongSignature':
    case 'signTest':
    case 'stale':
    case 'unknownSerial':
      return spoilSignature(fault, reply, sign, now());
    case 'replay':
      return signedReply(fault.request);
    case 'header':
      return spoilHeader(fault, reply);
    case 'compress':
      return compressed(reply);
    case 'oversize':
      return oversized(fault, reply, sign);
  }
}
