import type { KeyObject } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import type { Answer } from '../answers/answer.js';
import type { Doubt } from '../answers/doubt.js';
import type { ExchangeResult, Silence, UnverifiedAnswer, VerifiedAnswer } from '../answers/exchange-result.js';
import { andThen } from '../environment/and-then.js';
import { Clock } from '../environment/clock.js';
import type { Attempt } from '../transport/attempt.js';
import { AttemptDeadline } from '../transport/attempt-deadline.js';
import { JUDGING } from '../transport/attempt-steps.js';
import { ClockSkew } from '../transport/clock-skew.js';
import { retryAfterMs } from '../transport/retry-after.js';
import { soleHeader } from '../transport/wire.js';
import { askVerifier } from '../verifiers/ask-verifier.js';
import { keyFingerprint } from '../verifiers/key-fingerprint.js';
import { ReplyMemory } from '../verifiers/reply-memory.js';
import { VerifierRegistry } from '../verifiers/verifier.registry.js';
import type { SentRequest } from './api-v3.sender.js';
import { readApiV3Answer } from './read-answer.js';
import { readSignature } from './signed-reply.js';

/** Where the key that a reply names is found. */
export interface KeyFinder {
  /** The key of a serial, to the letter; nothing for one that is not believed. */
  find(serial: string): KeyObject | undefined | Promise<KeyObject | undefined>;
  /** Why there was none, for a person. */
  absence(serial: string): string;
  /** Is told which key proved a reply. */
  verified(serial: string): void;
}

/** Verifies APIv3 replies. */
@Injectable()
export class ApiV3Judge {
  constructor(
    @Inject(VerifierRegistry) private readonly verifiers: VerifierRegistry,
    @Inject(AttemptDeadline) private readonly deadline: AttemptDeadline,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ClockSkew) private readonly skew: ClockSkew,
    @Inject(ReplyMemory) private readonly memory: ReplyMemory,
  ) {}

  /**
   * @param attempt - that it is a step of
   * @param sent - the reply, and what must not come back in an error
   * @param scheme - the merchant's
   * @param keys - WeChat Pay's keys that are believed
   * @returns what the reply says, proven or not
   * @throws {@link AttemptFault} where verifying takes too long
   */
  judge(
    attempt: Attempt,
    sent: SentRequest,
    scheme: string,
    keys: KeyFinder,
  ): ExchangeResult | Promise<ExchangeResult> {
    return this.deadline.limit(attempt, JUDGING, this.#verify(sent, scheme, keys));
  }

  /**
   * What a reply says, whether it is proven or not.
   *
   * @param sent - the reply, and what must not come back in an error
   */
  answerOf({ reply, signature }: SentRequest): Answer {
    return readApiV3Answer(reply, [signature], {
      clockSkew: this.skew.of(reply),
      retryAfterMs: retryAfterMs(soleHeader(reply, 'retry-after'), this.clock.now()),
    });
  }

  #verify(sent: SentRequest, scheme: string, keys: KeyFinder): ExchangeResult | Promise<ExchangeResult> {
    const answer = this.answerOf(sent);
    const signed = readSignature(sent.reply, scheme, this.clock.now());
    if (signed.kind === 'doubt') return unverified(answer, signed.doubt);
    const { message, signature, serial, nonce } = signed;
    return andThen<KeyObject | undefined, ExchangeResult>(keys.find(serial), (key) => {
      if (key === undefined) {
        return unverified(answer, { phase: 'verify', reason: 'serial', explanation: keys.absence(serial) });
      }
      const asked = askVerifier(this.verifiers.find(scheme), answer, { message, signature, key });
      return andThen<VerifiedAnswer | Silence, ExchangeResult>(asked, (judged) => {
        if (judged.kind === 'silence') return unverified(answer, judged.doubt);
        // By the key itself: the name that the reply gives it is not covered by the signature.
        if (!this.memory.isFresh(keyFingerprint(key), nonce)) {
          const explanation = 'The reply is signed, but it has come before.';
          return unverified(answer, { phase: 'verify', reason: 'replay', explanation });
        }
        keys.verified(serial);
        return judged;
      });
    });
  }
}

function unverified(answer: Answer, doubt: Doubt): UnverifiedAnswer {
  return { kind: 'unverified', answer, doubt };
}
