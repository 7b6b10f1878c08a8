import { inWords } from '../in-words.js';

/** Whether another process has the file at this moment: nothing is wrong, and nothing was written. */
export function isBusy(error: unknown): boolean {
  return /locked|busy/i.test(inWords(error));
}
