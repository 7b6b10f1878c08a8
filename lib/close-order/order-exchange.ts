import { Inject, Injectable } from '@nestjs/common';

import type { ExchangeResult } from '../answers/exchange-result.js';
import { ApiV2Exchange } from '../api-v2/api-v2.exchange.js';
import { ApiV3Exchange } from '../api-v3/api-v3.exchange.js';
import type { AttemptFacts } from '../observability/call-observer.js';
import type { Attempt } from '../transport/attempt.js';
import type { CloseVariant } from './close-variant.js';
import { lackingKeys } from './lacking-keys.js';
import type { OrderQuery } from './order-query.js';
import type { PreparedCall } from './prepared-call.js';

/** Puts a prepared call on the wire of its API, to close or to query. */
@Injectable()
export class OrderExchange {
  constructor(
    @Inject(ApiV2Exchange) private readonly apiV2: ApiV2Exchange,
    @Inject(ApiV3Exchange) private readonly apiV3: ApiV3Exchange,
  ) {}

  /**
   * Asks to close the order.
   *
   * @param variant - the endpoint
   * @param call - the request and who signs it
   * @param attempt - that this is
   * @param origin - the host to ask
   * @throws {@link InvalidRequestError} where the merchant lacks the keys
   */
  close<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    call: PreparedCall<TComplete>,
    attempt: Attempt,
    origin: string,
  ): Promise<ExchangeResult> {
    const { message } = call;
    const body = message.api === 'v3' ? message.body : undefined;
    return this.#send('close', variant, call, attempt, { origin, target: message.target, body });
  }

  /**
   * Asks for the order's state.
   *
   * @param variant - the endpoint
   * @param call - the request and who signs it
   * @param query - of the variant
   * @param attempt - that this is
   * @param origin - the host to ask
   * @throws {@link InvalidRequestError} where the merchant lacks the keys
   */
  query<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    call: PreparedCall<TComplete>,
    query: OrderQuery<TComplete>,
    attempt: Attempt,
    origin: string,
  ): Promise<ExchangeResult> {
    return this.#send('query', variant, call, attempt, {
      origin,
      target: query.target(call.complete),
      body: undefined,
    });
  }

  #send<TRequest, TComplete>(
    operation: 'close' | 'query',
    variant: CloseVariant<TRequest, TComplete>,
    { merchant, complete, order, observed }: PreparedCall<TComplete>,
    attempt: Attempt,
    { origin, target, body }: { readonly origin: string; readonly target: string; readonly body: string | undefined },
  ): Promise<ExchangeResult> {
    const { mchid } = merchant;
    const lacking = (api: 'apiV2' | 'apiV3') => lackingKeys(api, mchid, { variant: variant.name, order });
    // A copy of the order: what an observer does to it must not become part of the result.
    const facts = (): AttemptFacts => {
      const method = variant.api === 'v3' && body === undefined ? 'GET' : 'POST';
      return { operation, variant: variant.name, order: { ...order }, method, mchid, origin, target };
    };
    if (variant.api === 'v2') {
      const { apiV2: credentials } = merchant;
      if (credentials === undefined) throw lacking('apiV2');
      const call = { mchid, origin, target, credentials, fields: variant.fields(complete) };
      return observed.attempt(attempt, () => this.apiV2.exchange(attempt, call), facts);
    }
    const { apiV3: credentials } = merchant;
    if (credentials === undefined) throw lacking('apiV3');
    const call = { mchid, origin, target, credentials, body };
    return observed.attempt(attempt, () => this.apiV3.exchange(attempt, call), facts);
  }
}
