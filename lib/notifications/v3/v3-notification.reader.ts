import { Inject, Injectable } from '@nestjs/common';

import type { DoubtReason } from '../../answers/doubt.js';
import { readSignature, type SignedReply, type SignedWords } from '../../api-v3/signed-reply.js';
import { Clock } from '../../environment/clock.js';
import { verdictOf } from '../../verifiers/ask-verifier.js';
import { keyFingerprint } from '../../verifiers/key-fingerprint.js';
import { ReplyMemory } from '../../verifiers/reply-memory.js';
import { VerifierRegistry } from '../../verifiers/verifier.registry.js';
import { type NotificationRefusal, NotificationRefusedError } from '../notification-refused.error.js';
import type { NotificationContext } from '../received-notification.js';
import { type BelievingMerchant, BelievingMerchants } from './believing-merchants.js';
import { readEnvelope, readTransaction, type V3Payment } from './read-transaction.js';
import type { Envelope } from './transaction.schema.js';

const SIGNATURE_TYPE = 'wechatpay-signature-type';
const SCHEME = /^[0-9A-Za-z-]{1,64}$/;
/** WeChat Pay's own probes, which must fail as any wrong signature does. */
const PROBE = 'WECHATPAY/SIGNTEST/';

/**
 * Reads APIv3 notifications: first the signature over the raw bytes, then what they say, then what they encrypt.
 *
 * @see protocol §4.3; https://pay.weixin.qq.com/doc/v3/merchant/4013053420
 */
@Injectable()
export class V3NotificationReader {
  constructor(
    @Inject(BelievingMerchants) private readonly merchants: BelievingMerchants,
    @Inject(VerifierRegistry) private readonly verifiers: VerifierRegistry,
    @Inject(ReplyMemory) private readonly memory: ReplyMemory,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * @param received - raw bytes, and headers by lower-case name
   * @param context - what the route knows
   * @throws {@link NotificationRefusedError}
   */
  async read(received: SignedWords, context: NotificationContext): Promise<V3Payment> {
    const [claimed] = received.headers.get(SIGNATURE_TYPE) ?? [];
    const signed = readSignature(received, claimed ?? '', this.clock.now());
    if (signed.kind === 'doubt') throw unproven(signed.doubt.reason);
    // Node.js joins a header that came twice with a comma.
    if (claimed !== undefined && !SCHEME.test(claimed)) throw unproven('header');
    const candidates = (await this.merchants.of(signed.serial, context)).filter(
      ({ credentials }) => claimed === undefined || claimed === credentials.scheme,
    );
    const believers = await this.#believers(signed, candidates);
    const [first] = believers;
    // By the key itself: the name that the notification gives it is not covered by the signature.
    if (first !== undefined && !this.memory.isFresh(keyFingerprint(first.platformKey), signed.nonce)) {
      throw refused('replayed', 'it is signed, but has come before.');
    }
    return this.#open(readEnvelope(received.body), believers, context);
  }

  /** Those for whom the signature is right. */
  async #believers(
    { message, signature }: SignedReply,
    candidates: readonly BelievingMerchant[],
  ): Promise<readonly BelievingMerchant[]> {
    const verdicts = new Map<string, ReturnType<typeof verdictOf>>();
    const judged = await Promise.all(
      candidates.map(async (candidate) => {
        const { credentials, platformKey: key } = candidate;
        const name = `${credentials.scheme} ${keyFingerprint(key)}`;
        // Merchants mostly believe one and the same key.
        const verdict =
          verdicts.get(name) ?? verdictOf(this.verifiers.find(credentials.scheme), { message, signature, key });
        verdicts.set(name, verdict);
        return { candidate, verdict: await verdict };
      }),
    );
    const believers = judged.filter(({ verdict }) => verdict === 'right').map(({ candidate }) => candidate);
    if (believers.length > 0) return believers;
    if (judged.some(({ verdict }) => verdict === 'failed')) throw refused('verifier', 'the verifier failed.');
    const isProbe = signature.startsWith(PROBE);
    throw refused('signature', isProbe ? "it is WeChat Pay's probe, as it should be." : "it is not WeChat Pay's.");
  }

  /** Decrypts for the merchant whose APIv3 key fits, and sees to it that it is for that merchant. */
  #open(
    { id, resource }: Envelope,
    believers: readonly BelievingMerchant[],
    { merchant }: NotificationContext,
  ): V3Payment {
    const opened = believers.flatMap(({ mchid, credentials, apiV3Key }) => {
      const cipher = this.verifiers.find(credentials.scheme)?.certificateCipher;
      if (cipher?.algorithm !== resource.algorithm) return [];
      try {
        return [{ mchid, plain: cipher.open(resource, apiV3Key) }];
      } catch {
        return [];
      }
    });
    const [first] = opened;
    if (first === undefined) {
      const whose = merchant === undefined ? 'a listed merchant' : `merchant ${merchant}`;
      throw refused(
        'decryption',
        `it is signed, but was not encrypted with the apiV3Key of ${whose}; copy APIv3密钥 again, or name the merchant in the route.`,
      );
    }
    // Merchants may share an APIv3 key, so the one that fits first need not be the one.
    const payment = readTransaction(first.plain, id);
    if (opened.some(({ mchid }) => mchid === payment.order.mchid)) return payment;
    throw refused('otherMerchant', 'it is signed, but is for another merchant than the one whose key decrypts it.');
  }
}

const REASONS: Partial<Record<DoubtReason, readonly [reason: NotificationRefusal, explanation: string]>> = {
  unsigned: ['unsigned', 'it carries no signature.'],
  time: ['stale', "it was signed more than 300 s before or after this machine's time; see to the clock."],
};

function unproven(doubt: DoubtReason): NotificationRefusedError {
  const [reason, explanation] = REASONS[doubt] ?? ['header', 'a signature header is missing, repeated or malformed.'];
  return refused(reason, explanation);
}

function refused(reason: NotificationRefusal, explanation: string): NotificationRefusedError {
  return new NotificationRefusedError('v3', reason, explanation);
}
