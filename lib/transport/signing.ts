import type { AttemptStep } from './step-under-way.js';

/**
 * The step in which a request is signed.
 *
 * @param identity - stopped where nobody waits for the signature any more
 */
export function signing(identity: { stop(): void }): AttemptStep {
  return { what: 'signature', phase: 'notSent', reason: 'signer', stop: () => identity.stop() };
}
