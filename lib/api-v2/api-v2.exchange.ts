import { Inject, Injectable } from '@nestjs/common';
import type { Observable } from 'rxjs';

import type { DoubtReason } from '../answers/doubt.js';
import type { ExchangeResult, Silence, VerifiedAnswer } from '../answers/exchange-result.js';
import { andThen } from '../environment/and-then.js';
import { NonceSource } from '../environment/nonce-source.js';
import type { ApiV2Credentials } from '../merchants/merchant.js';
import { askSigner } from '../signers/ask-signer.js';
import { LazySignal } from '../signers/lazy-signal.js';
import { signingIdentity } from '../signers/signing-identity.js';
import type { SigningIdentity } from '../signers/signer.js';
import { SignerRegistry } from '../signers/signer.registry.js';
import type { Attempt } from '../transport/attempt.js';
import { AttemptDeadline } from '../transport/attempt-deadline.js';
import { JUDGING, signing } from '../transport/attempt-steps.js';
import { baseHeaders } from '../transport/base-headers.js';
import { exchanged, silenceOf } from '../transport/exchanged.js';
import { maybeSent, metDeadConnection } from '../transport/once-more.js';
import { WechatPayTransport } from '../transport/wechat-pay.transport.js';
import type { WireReply, WireRequest } from '../transport/wire.js';
import { askVerifier } from '../verifiers/ask-verifier.js';
import { ReplyMemory } from '../verifiers/reply-memory.js';
import { VerifierRegistry } from '../verifiers/verifier.registry.js';
import { canonicalString } from './canonical-string.js';
import { MalformedXmlError } from './malformed-xml.error.js';
import { readApiV2Answer } from './read-answer.js';
import { sameIdentity } from './same-identity.js';
import { decodeXml, encodeXml } from './xml.codec.js';

/** One APIv2 request, not signed yet. */
export interface ApiV2Call {
  readonly mchid: string;
  readonly credentials: ApiV2Credentials;
  readonly origin: string;
  readonly target: string;
  /** Without `sign`; a `nonce_str` or `sign_type` that stands here is kept. */
  readonly fields: Readonly<Record<string, string | undefined>>;
}

interface Signed {
  readonly fields: ReadonlyMap<string, string>;
  readonly scheme: string;
  readonly signature: string;
}

/** Signs an APIv2 request, sends it, and verifies what comes back. */
@Injectable()
export class ApiV2Exchange {
  constructor(
    @Inject(SignerRegistry) private readonly signers: SignerRegistry,
    @Inject(VerifierRegistry) private readonly verifiers: VerifierRegistry,
    @Inject(WechatPayTransport) private readonly transport: WechatPayTransport,
    @Inject(AttemptDeadline) private readonly deadline: AttemptDeadline,
    @Inject(NonceSource) private readonly nonces: NonceSource,
    @Inject(ReplyMemory) private readonly memory: ReplyMemory,
  ) {}

  /**
   * @param call - what to ask
   * @returns a cold Observable that signs afresh for each subscription and emits what came of it, once; it does not fail
   */
  send(call: ApiV2Call): Observable<ExchangeResult> {
    return exchanged((attempt) => this.exchange(attempt, call));
  }

  /**
   * @param attempt - that this is
   * @param call - what to ask
   * @returns what came of it
   */
  async exchange(attempt: Attempt, call: ApiV2Call): Promise<ExchangeResult> {
    try {
      return await this.#exchange(attempt, call);
    } catch (error) {
      return silenceOf(error);
    } finally {
      attempt.finish();
    }
  }

  async #exchange(attempt: Attempt, call: ApiV2Call): Promise<ExchangeResult> {
    try {
      return await this.#once(attempt, call);
    } catch (error) {
      if (!metDeadConnection(error)) throw error;
    }
    try {
      return await this.#once(attempt, call);
    } catch (error) {
      throw maybeSent(error);
    }
  }

  async #once(attempt: Attempt, call: ApiV2Call): Promise<ExchangeResult> {
    const lazy = new LazySignal();
    const identity = signingIdentity(lazy, call.mchid, call.credentials.key);
    const signed = await this.deadline.limit(attempt, signing(lazy), this.#sign(call, identity));
    const reply = await this.transport.send(attempt, this.#wire(call, signed));
    return this.deadline.limit(attempt, JUDGING, this.#verify(reply, call.credentials, signed));
  }

  #sign({ credentials, fields: given }: ApiV2Call, identity: SigningIdentity): Signed | Promise<Signed> {
    const scheme = given['sign_type'] ?? credentials.signType;
    const fields = new Map<string, string>();
    for (const name of Object.keys(given)) {
      const value = given[name];
      if (value !== undefined) fields.set(name, value);
    }
    fields.set('nonce_str', given['nonce_str'] ?? this.nonces.next());
    fields.set('sign_type', scheme);
    const asked = askSigner(this.signers.find(scheme), canonicalString(fields), identity);
    return andThen(asked, (signature): Signed => ({ fields, scheme, signature }));
  }

  #wire({ origin, target }: ApiV2Call, { fields, signature }: Signed): WireRequest {
    const headers = baseHeaders('text/xml, application/xml');
    headers['Content-Type'] = 'text/xml; charset=utf-8';
    return { method: 'POST', origin, target, headers, body: encodeXml([...fields, ['sign', signature]]) };
  }

  #verify(reply: WireReply, { key }: ApiV2Credentials, sent: Signed): ExchangeResult | Promise<ExchangeResult> {
    const fields = readFields(reply.body);
    if (fields === undefined) {
      const answer = { kind: 'unrecognized', status: reply.status } as const;
      // A gateway speaks no XML and signs nothing; its status says what is wrong.
      const reason = reply.status >= 500 || reply.status === 429 ? 'unsigned' : 'shape';
      return { kind: 'unverified', answer, doubt: doubt(reason, 'The reply is not the flat XML of APIv2.') };
    }
    const answer = readApiV2Answer(reply.status, fields, [sent.signature]);
    const unverified = (reason: DoubtReason, explanation: string): ExchangeResult => ({
      kind: 'unverified',
      answer,
      doubt: doubt(reason, explanation),
    });
    const signature = fields.get('sign') ?? '';
    if (signature === '') return unverified('unsigned', 'The reply carries no sign.');
    const message = Buffer.from(canonicalString(fields));
    const asked = askVerifier(this.verifiers.find(sent.scheme), answer, { message, signature, key });
    return andThen<VerifiedAnswer | Silence, ExchangeResult>(asked, (judged) => {
      if (judged.kind === 'silence') return unverified(judged.doubt.reason, judged.doubt.explanation);
      if (!sameIdentity(sent.fields, fields)) {
        return unverified('identity', 'The reply is signed, but speaks to another appid, mch_id or sub-merchant.');
      }
      return this.memory.isFreshUndated(sent.fields.get('mch_id') ?? '', signature)
        ? judged
        : unverified('replay', 'The reply is signed, but it has come before.');
    });
  }
}

function readFields(body: Uint8Array): ReadonlyMap<string, string> | undefined {
  try {
    return decodeXml(body);
  } catch (error) {
    if (error instanceof MalformedXmlError) return undefined;
    throw error;
  }
}

function doubt(reason: DoubtReason, explanation: string) {
  return { phase: 'verify', reason, explanation } as const;
}
