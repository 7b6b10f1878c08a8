import { UnauthenticatedError } from '../answers/unauthenticated.error.js';
import type { RequestRecord } from '../wire/emulator-request.js';

/**
 * Runs the signature check of a request and notes its verdict.
 *
 * @param request - where the verdict goes
 * @param check - the check
 * @throws UnauthenticatedError as the check does
 */
export function authenticated<Sender>(request: RequestRecord, check: () => Sender): Sender {
  try {
    const sender = check();
    request.verdict = 'verified';
    return sender;
  } catch (error) {
    if (error instanceof UnauthenticatedError) {
      request.verdict = 'refused';
      request.refusal = error.message;
    }
    throw error;
  }
}
