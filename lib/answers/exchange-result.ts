import type { Answer } from './answer.js';
import type { Doubt } from './doubt.js';
import type { Verified } from './verified.js';

/** What came of one signed request: an answer that is proven, one that is not, or none. */
export type ExchangeResult = VerifiedAnswer | UnverifiedAnswer | Silence;

/** WeChat Pay's signature covers the answer. */
export interface VerifiedAnswer {
  readonly kind: 'verified';
  readonly answer: Verified<Answer>;
}

/** An answer came, but nothing proves that it is WeChat Pay's: a hint at most. */
export interface UnverifiedAnswer {
  readonly kind: 'unverified';
  readonly answer: Answer;
  readonly doubt: Doubt;
}

/** No whole answer came. */
export interface Silence {
  readonly kind: 'silence';
  readonly doubt: Doubt;
}
