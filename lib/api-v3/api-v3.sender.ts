import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../environment/clock.js';
import { NonceSource } from '../environment/nonce-source.js';
import { askSigner } from '../signers/ask-signer.js';
import { LazySignal } from '../signers/lazy-signal.js';
import { signingIdentity } from '../signers/signing-identity.js';
import { SignerRegistry } from '../signers/signer.registry.js';
import type { Attempt } from '../transport/attempt.js';
import { AttemptDeadline } from '../transport/attempt-deadline.js';
import { signing } from '../transport/attempt-steps.js';
import { baseHeaders } from '../transport/base-headers.js';
import { maybeSent, metDeadConnection } from '../transport/once-more.js';
import { WechatPayTransport } from '../transport/wechat-pay.transport.js';
import type { WireReply } from '../transport/wire.js';
import type { ApiV3Call } from './api-v3.call.js';
import { authorizationHeader } from './authorization.js';
import { requestMessage } from './request-message.js';

/** A whole reply, and what must not come back in an error. */
export interface SentRequest {
  readonly reply: WireReply;
  /** Of the request. */
  readonly signature: string;
}

/** Signs APIv3 requests and sends them. */
@Injectable()
export class ApiV3Sender {
  constructor(
    @Inject(SignerRegistry) private readonly signers: SignerRegistry,
    @Inject(WechatPayTransport) private readonly transport: WechatPayTransport,
    @Inject(AttemptDeadline) private readonly deadline: AttemptDeadline,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(NonceSource) private readonly nonces: NonceSource,
  ) {}

  /**
   * Signs afresh and sends.
   *
   * @param attempt - that it is a step of
   * @param call - what to ask
   * @param serial - of WeChat Pay's key that the reply is asked to be signed with; without it, WeChat Pay takes a certificate
   * @returns the whole reply, whatever it is
   * @throws {@link AttemptFault} where there is none
   */
  send(attempt: Attempt, call: ApiV3Call, serial: string | undefined): Promise<SentRequest> {
    return this.#send(attempt, call, serial, false);
  }

  async #send(
    attempt: Attempt,
    call: ApiV3Call,
    serial: string | undefined,
    isRepeated: boolean,
  ): Promise<SentRequest> {
    const { mchid, credentials, origin, target, body = '' } = call;
    const { scheme, serialNo, privateKey } = credentials;
    const method = call.body === undefined ? 'GET' : 'POST';
    const nonce = this.nonces.next();
    const timestamp = Math.floor(this.clock.now() / 1_000);
    const message = requestMessage({ method, target, timestamp, nonce, body });
    const lazy = new LazySignal();
    const identity = signingIdentity(lazy, mchid, privateKey, serialNo);
    const asked = askSigner(this.signers.find(scheme), message, identity);
    const signature = await this.deadline.limit(attempt, signing(lazy), asked);
    const headers = baseHeaders('application/json');
    headers['Authorization'] = authorizationHeader({
      scheme,
      mchid,
      nonce_str: nonce,
      timestamp,
      serial_no: serialNo,
      signature,
    });
    if (method === 'POST') headers['Content-Type'] = 'application/json';
    if (serial !== undefined) headers['Wechatpay-Serial'] = serial;
    try {
      return { reply: await this.transport.send(attempt, { method, origin, target, headers, body }), signature };
    } catch (error) {
      if (isRepeated || !metDeadConnection(error)) throw error;
    }
    return this.#sendAgain(attempt, call, serial);
  }

  async #sendAgain(attempt: Attempt, call: ApiV3Call, serial: string | undefined): Promise<SentRequest> {
    try {
      return await this.#send(attempt, call, serial, true);
    } catch (error) {
      throw maybeSent(error);
    }
  }
}
