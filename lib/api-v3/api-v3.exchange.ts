import { Inject, Injectable } from '@nestjs/common';
import { catchError, defer, mergeMap, type Observable, of } from 'rxjs';

import type { Doubt } from '../answers/doubt.js';
import type { ExchangeResult } from '../answers/exchange-result.js';
import { withoutPrototype } from '../answers/without-prototype.js';
import { Clock } from '../environment/clock.js';
import { NonceSource } from '../environment/nonce-source.js';
import type { ApiV3Credentials } from '../merchants/merchant.js';
import { askSigner } from '../signers/ask-signer.js';
import { SignerRegistry } from '../signers/signer.registry.js';
import { AttemptDeadline } from '../transport/attempt-deadline.js';
import { BASE_HEADERS } from '../transport/base-headers.js';
import type { Answer } from '../answers/answer.js';
import { AttemptFault } from '../answers/attempt-fault.js';
import { ClockSkew } from '../transport/clock-skew.js';
import { retryAfterMs } from '../transport/retry-after.js';
import { onceMoreIfStale } from '../transport/once-more.js';
import { WechatPayTransport } from '../transport/wechat-pay.transport.js';
import { soleHeader, type WireReply, type WireRequest } from '../transport/wire.js';
import { askVerifier } from '../verifiers/ask-verifier.js';
import { ReplyMemory } from '../verifiers/reply-memory.js';
import { VerifierRegistry } from '../verifiers/verifier.registry.js';
import { authorizationHeader } from './authorization.js';
import { readApiV3Answer } from './read-answer.js';
import { requestMessage } from './request-message.js';
import { readSignature } from './signed-reply.js';

/** What a serial looks like; anything else is not repeated in a message. */
const SERIAL = /^(?:PUB_KEY_ID_\d{1,40}|[0-9A-F]{8,40})$/;

/** One APIv3 request, not signed yet. */
export interface ApiV3Call {
  readonly mchid: string;
  readonly credentials: ApiV3Credentials;
  readonly origin: string;
  /** Path and query, percent-encoded. */
  readonly target: string;
  /** Goes out as JSON in a POST; without it, the request is a GET. */
  readonly body?: object;
}

/** Signs an APIv3 request, sends it, and verifies what comes back. */
@Injectable()
export class ApiV3Exchange {
  constructor(
    @Inject(SignerRegistry) private readonly signers: SignerRegistry,
    @Inject(VerifierRegistry) private readonly verifiers: VerifierRegistry,
    @Inject(WechatPayTransport) private readonly transport: WechatPayTransport,
    @Inject(AttemptDeadline) private readonly deadline: AttemptDeadline,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ClockSkew) private readonly skew: ClockSkew,
    @Inject(NonceSource) private readonly nonces: NonceSource,
    @Inject(ReplyMemory) private readonly memory: ReplyMemory,
  ) {}

  /**
   * @param call - what to ask
   * @returns a cold Observable that signs afresh for each subscription and emits what came of it, once; it does not fail
   */
  send(call: ApiV3Call): Observable<ExchangeResult> {
    return defer(() => this.#sign(call)).pipe(
      this.deadline.limit('signature', () => 'notSent'),
      mergeMap(({ wire, signature }) =>
        this.transport.send(wire).pipe(mergeMap((reply) => this.#judge(reply, call.credentials, signature))),
      ),
      onceMoreIfStale(),
      catchError((error: unknown) => {
        if (error instanceof AttemptFault) return of<ExchangeResult>({ kind: 'silence', doubt: error });
        throw error;
      }),
    );
  }

  async #sign({
    mchid,
    credentials,
    origin,
    target,
    body: content,
  }: ApiV3Call): Promise<{ wire: WireRequest; signature: string }> {
    const { scheme, serialNo, privateKey, preferredSerial } = credentials;
    const method = content === undefined ? 'GET' : 'POST';
    const nonce = this.nonces.next();
    const timestamp = Math.floor(this.clock.now() / 1_000);
    const body = content === undefined ? '' : JSON.stringify(content);
    const message = requestMessage({ method, target, timestamp, nonce, body });
    const identity = { mchid, serialNo, ...(privateKey && { key: privateKey }) };
    const signature = await askSigner(this.signers.find(scheme), message, identity);
    const headers = {
      ...BASE_HEADERS,
      Accept: 'application/json',
      ...(content !== undefined && { 'Content-Type': 'application/json' }),
      Authorization: authorizationHeader({
        scheme,
        mchid,
        nonce_str: nonce,
        timestamp,
        serial_no: serialNo,
        signature,
      }),
      'Wechatpay-Serial': preferredSerial,
    };
    return { wire: { method, origin, target, headers, body }, signature };
  }

  #judge(reply: WireReply, credentials: ApiV3Credentials, sent: string): Observable<ExchangeResult> {
    return defer(() => this.#verify(reply, credentials, sent)).pipe(this.deadline.limit('verdict', () => 'verify'));
  }

  async #verify(reply: WireReply, { scheme, platformKeys }: ApiV3Credentials, sent: string): Promise<ExchangeResult> {
    const clockSkew = this.skew.of(reply);
    const wait = retryAfterMs(soleHeader(reply, 'retry-after'), this.clock.now());
    const answer = withoutPrototype<Answer>({ ...readApiV3Answer(reply, [sent]), clockSkew, retryAfterMs: wait });
    const unverified = (doubt: Doubt): ExchangeResult => ({ kind: 'unverified', answer, doubt });
    const signed = readSignature(reply, scheme, this.clock.now());
    if (signed.kind === 'doubt') return unverified(signed.doubt);
    const { message, signature, serial, nonce } = signed;
    const key = platformKeys.get(serial);
    if (key === undefined) {
      return unverified({
        phase: 'verify',
        reason: 'serial',
        explanation: `The reply is signed with a key that is not configured${SERIAL.test(serial) ? `; add ${serial}` : ''}.`,
      });
    }
    const judged = await askVerifier(this.verifiers.find(scheme), answer, { message, signature, key });
    if (judged.kind === 'silence') return unverified(judged.doubt);
    return this.memory.isFresh(serial, nonce)
      ? judged
      : unverified({ phase: 'verify', reason: 'replay', explanation: 'The reply is signed, but it has come before.' });
  }
}
