import type { AttemptStep } from './step-under-way.js';

/**
 * The step in which a request is signed.
 *
 * @param signal - aborted where nobody waits for the signature any more
 */
export function signing(signal: { stop(): void }): AttemptStep {
  return { what: 'signature', phase: 'notSent', reason: 'signer', stop: () => signal.stop() };
}
