import type { EmulatorAnswer } from '../answers/emulator-answer.js';
import { orderRefusal } from '../answers/order-refusals.js';

import type { InProgressFault, ReplyFault, SystemErrorFault, ThrottleFault } from './fault.js';

/** A fault that is an answer of WeChat Pay's own, signed as any other. */
export type AnswerFault = ThrottleFault | SystemErrorFault | InProgressFault;

interface Failure {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** The fields that every APIv2 answer has. */
const ENVELOPE = new Set(['return_code', 'return_msg', 'appid', 'mch_id', 'sub_appid', 'sub_mch_id', 'nonce_str']);

/**
 * Whether a fault of the reply is an answer of WeChat Pay's own.
 *
 * @param fault - any fault of the reply
 */
export function isAnswerFault(fault: ReplyFault): fault is AnswerFault {
  return fault.kind === 'throttle' || fault.kind === 'systemError' || fault.kind === 'inProgress';
}

/**
 * The answer that a fault puts in the place of the right one.
 *
 * @param kind - of the fault
 * @param answer - the right answer, which tells the API
 */
export function faultyAnswer(kind: AnswerFault['kind'], answer: EmulatorAnswer): EmulatorAnswer {
  if (!('fields' in answer)) {
    const { status, code, message } = failureOf(kind, 'domestic');
    return { status, body: { code, message } };
  }
  const { code, message } = failureOf(kind, 'v2');
  const envelope = Object.entries(answer.fields).filter(([name]) => ENVELOPE.has(name));
  return { fields: { ...Object.fromEntries(envelope), result_code: 'FAIL', err_code: code, err_code_des: message } };
}

function failureOf(kind: AnswerFault['kind'], dialect: 'domestic' | 'v2'): Failure {
  switch (kind) {
    case 'throttle':
      return { status: 429, code: 'FREQUENCY_LIMITED', message: 'Too many requests; try again later' };
    case 'systemError':
      return {
        status: 500,
        code: dialect === 'v2' ? 'SYSTEMERROR' : 'SYSTEM_ERROR',
        message: 'The system failed; try again with the same parameters',
      };
    case 'inProgress':
      return orderRefusal('paying', dialect);
  }
}
