import type { Answer } from '../answers/answer.js';
import type { Doubt, DoubtReason } from '../answers/doubt.js';
import type { Silence, VerifiedAnswer } from '../answers/exchange-result.js';
import { sealVerified } from '../answers/verified.js';
import type { SignatureEvidence, Verifier } from './verifier.js';

/**
 * Asks a verifier, which may be the application's own, and seals the answer on its clear yes. Anything else is a doubt.
 *
 * @param verifier - of the scheme that is wanted, if there is one
 * @param answer - what the signed bytes say
 * @param evidence - the signature, its bytes and its key
 */
export async function askVerifier(
  verifier: Verifier | undefined,
  answer: Answer,
  evidence: SignatureEvidence,
): Promise<VerifiedAnswer | Silence> {
  switch (await verdictOf(verifier, evidence)) {
    case 'right':
      return { kind: 'verified', answer: sealVerified(answer) };
    case 'wrong':
      return unproven('signature', "The reply's signature is not WeChat Pay's.");
    case 'failed':
      return unproven('verifier', `The verifier ${verifier?.constructor.name ?? '(none)'} failed.`);
  }
}

/**
 * What a verifier, which may be the application's own, says of a signature: `right` is its clear yes alone.
 *
 * @param verifier - of the scheme that is wanted, if there is one
 * @param evidence - the signature, its bytes and its key
 */
export async function verdictOf(
  verifier: Verifier | undefined,
  evidence: SignatureEvidence,
): Promise<'right' | 'wrong' | 'failed'> {
  try {
    const verdict: unknown = await verifier?.matches(evidence);
    return verdict === true ? 'right' : 'wrong';
  } catch {
    return 'failed';
  }
}

function unproven(reason: DoubtReason, explanation: string): Silence {
  const doubt: Doubt = { phase: 'verify', reason, explanation };
  return { kind: 'silence', doubt };
}
