import type { Answer } from '../answers/answer.js';
import type { Hint } from '../errors/outcome-unknown.error.js';
import { meaningOf } from './wechat-code.js';

/**
 * What an unproven answer would mean if it were proven.
 *
 * @param answer - of whoever sent it
 * @returns `undefined` where it claims nothing about the order
 */
export function hintOf(answer: Answer): Hint | undefined {
  const code = answer.code === undefined ? {} : { code: answer.code };
  switch (answer.kind) {
    case 'done':
      return { outcome: 'closed', ...code };
    case 'processing':
      return { outcome: 'in_progress', ...code };
    case 'rejected':
      return { outcome: 'refused', ...code };
    case 'content':
    case 'unrecognized':
      return undefined;
    case 'failed': {
      const meaning = meaningOf(answer.code, answer.status);
      const claims =
        meaning === 'closed' ||
        meaning === 'paid' ||
        meaning === 'not_found' ||
        meaning === 'in_progress' ||
        meaning === 'refused';
      return claims ? { outcome: meaning, ...code } : undefined;
    }
  }
}
