import { InvalidRequestError } from '../../errors/invalid-request.error.js';

/** The longest request: 50 parts of a combined order come to a fifth of it. */
const MOST_CHARACTERS = 65_536;

/**
 * A request as the store gives it back, so that what is validated is what is sent later.
 *
 * @param request - as the application gave it
 * @param variant - its name, for messages
 * @throws {@link InvalidRequestError} if it is no JSON
 */
export function asStored(request: unknown, variant: string): unknown {
  const text = inJson(request);
  if (text === undefined) return undefined;
  if (text !== null && text.length <= MOST_CHARACTERS) return JSON.parse(text);
  const rule = text === null ? 'cannot be written as JSON' : `is longer than ${MOST_CHARACTERS} characters`;
  throw new InvalidRequestError([{ field: 'request', rule }], { variant, order: {} });
}

/** A getter of the application's may throw, a circle or a bigint does. */
function inJson(request: unknown): string | undefined | null {
  try {
    return JSON.stringify(request);
  } catch {
    return null;
  }
}
