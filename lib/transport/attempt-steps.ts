import type { AttemptStep } from './step-under-way.js';

/**
 * The step in which a request is signed.
 *
 * @param signal - aborted where nobody waits for the signature any more
 */
export function signing(signal: { stop(): void }): AttemptStep {
  return { what: 'signature', phase: 'notSent', reason: 'signer', stop: () => signal.stop() };
}

/** The step in which a reply is verified. */
export const JUDGING: AttemptStep = { what: 'verdict', phase: 'verify', reason: 'verifier' };
