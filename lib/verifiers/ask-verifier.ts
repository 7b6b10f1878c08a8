import type { Answer } from '../answers/answer.js';
import type { Doubt, DoubtReason } from '../answers/doubt.js';
import type { VerifiedAnswer } from '../answers/exchange-result.js';
import type { SignatureEvidence, Verifier } from './verifier.js';

/**
 * Asks a verifier, which may be the application's own. Anything but its clear yes is a doubt.
 *
 * @param verifier - of the scheme that is wanted, if there is one
 * @param answer - what the signed bytes say
 * @param evidence - the signature, its bytes and its key
 */
export async function askVerifier(
  verifier: Verifier | undefined,
  answer: Answer,
  evidence: SignatureEvidence,
): Promise<VerifiedAnswer | Doubt> {
  try {
    const verified = await verifier?.verify(answer, evidence);
    if (verified !== undefined) return { kind: 'verified', answer: verified };
    return unproven('signature', "The reply's signature is not WeChat Pay's.");
  } catch {
    return unproven('verifier', `The verifier ${verifier?.constructor.name ?? '(none)'} failed.`);
  }
}

function unproven(reason: DoubtReason, explanation: string): Doubt {
  return { phase: 'verify', reason, explanation };
}
