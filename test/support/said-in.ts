import { expect } from '@jest/globals';

import type { Answer } from '../../lib/answers/answer.js';

const MEMBERS: readonly (keyof Answer)[] = [
  'kind',
  'status',
  'requestId',
  'internalCode',
  'clockSkew',
  'retryAfterMs',
  'code',
  'description',
  'detail',
  'content',
  'fields',
];

/** An answer's members but for the absent ones. All of them must be its own, so that it inherits none. */
export function saidIn(answer: Answer): Partial<Answer> {
  expect(Object.keys(answer).toSorted()).toEqual(MEMBERS.toSorted());
  return Object.fromEntries(Object.entries(answer).filter(([, value]) => value !== undefined));
}
