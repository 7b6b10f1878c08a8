import type { Answer } from './answer.js';

/** An answer while it is being read. */
export type AnswerDraft = { -readonly [Member in keyof Answer]: Answer[Member] };

/**
 * An answer of which nothing is known yet but its status. Every member is the object's own, so that one which is absent stays
 * absent even if somebody in the process has put something of its name on `Object.prototype`.
 *
 * @param kind - of the answer
 * @param status - HTTP status
 */
export function blankAnswer(kind: Answer['kind'], status: number): AnswerDraft {
  return {
    kind,
    status,
    requestId: undefined,
    internalCode: undefined,
    clockSkew: undefined,
    retryAfterMs: undefined,
    code: undefined,
    description: undefined,
    detail: undefined,
    content: undefined,
    fields: undefined,
  };
}
