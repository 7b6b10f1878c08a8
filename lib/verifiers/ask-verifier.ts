import type { Answer } from '../answers/answer.js';
import type { Doubt, DoubtReason } from '../answers/doubt.js';
import type { Silence, VerifiedAnswer } from '../answers/exchange-result.js';
import { sealVerified } from '../answers/verified.js';
import { andThen, awaited, mayBeAwaited } from '../environment/and-then.js';
import type { SignatureEvidence, Verifier } from './verifier.js';

/** What a verifier says: `right` is its clear yes alone. */
export type Verdict = 'right' | 'wrong' | 'failed';

/**
 * Asks a verifier, which may be the application's own, and seals the answer on its clear yes. Anything else is a doubt.
 *
 * @param verifier - of the scheme that is wanted, if there is one
 * @param answer - what the signed bytes say
 * @param evidence - the signature, its bytes and its key
 * @returns at once where the verifier answers at once; it neither throws nor rejects
 */
export function askVerifier(
  verifier: Verifier | undefined,
  answer: Answer,
  evidence: SignatureEvidence,
): VerifiedAnswer | Silence | Promise<VerifiedAnswer | Silence> {
  return andThen<Verdict, VerifiedAnswer | Silence>(verdictOf(verifier, evidence), (verdict) => {
    switch (verdict) {
      case 'right':
        return { kind: 'verified', answer: sealVerified(answer) };
      case 'wrong':
        return unproven('signature', "The reply's signature is not WeChat Pay's.");
      case 'failed':
        return unproven('verifier', `The verifier ${verifier?.constructor.name ?? '(none)'} failed.`);
    }
  });
}

/**
 * What a verifier, which may be the application's own, says of a signature.
 *
 * @param verifier - of the scheme that is wanted, if there is one
 * @param evidence - the signature, its bytes and its key
 * @returns at once where the verifier answers at once; it neither throws nor rejects
 */
export function verdictOf(verifier: Verifier | undefined, evidence: SignatureEvidence): Verdict | Promise<Verdict> {
  try {
    const verdict: unknown = verifier?.matches(evidence);
    return mayBeAwaited(verdict) ? awaited(verdict).then(asVerdict, () => 'failed') : asVerdict(verdict);
  } catch {
    return 'failed';
  }
}

function asVerdict(verdict: unknown): Verdict {
  return verdict === true ? 'right' : 'wrong';
}

function unproven(reason: DoubtReason, explanation: string): Silence {
  const doubt: Doubt = { phase: 'verify', reason, explanation };
  return { kind: 'silence', doubt };
}
