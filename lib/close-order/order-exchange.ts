import { Inject, Injectable } from '@nestjs/common';
import type { Observable } from 'rxjs';

import type { ExchangeResult } from '../answers/exchange-result.js';
import { ApiV2Exchange } from '../api-v2/api-v2.exchange.js';
import { ApiV3Exchange } from '../api-v3/api-v3.exchange.js';
import type { AttemptFacts } from '../observability/call-observer.js';
import type { CloseVariant } from './close-variant.js';
import { lackingKeys } from './lacking-keys.js';
import type { OrderQuery } from './order-query.js';
import type { PreparedCall } from './prepare-call.js';

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
   * @param origin - the host to ask
   * @throws {@link InvalidRequestError} where the merchant lacks the keys
   */
  close<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    call: PreparedCall<TComplete>,
    origin: string,
  ): Observable<ExchangeResult> {
    const body = variant.api === 'v3' ? JSON.stringify(variant.body(call.complete)) : undefined;
    return this.#send('close', variant, call, origin, variant.path(call.complete), body);
  }

  /**
   * Asks for the order's state.
   *
   * @param variant - the endpoint
   * @param call - the request and who signs it
   * @param query - of the variant
   * @param origin - the host to ask
   * @throws {@link InvalidRequestError} where the merchant lacks the keys
   */
  query<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    call: PreparedCall<TComplete>,
    query: OrderQuery<TComplete>,
    origin: string,
  ): Observable<ExchangeResult> {
    return this.#send('query', variant, call, origin, query.target(call.complete), undefined);
  }

  #send<TRequest, TComplete>(
    operation: 'close' | 'query',
    variant: CloseVariant<TRequest, TComplete>,
    { merchant, complete, order, observed }: PreparedCall<TComplete>,
    origin: string,
    target: string,
    body: string | undefined,
  ): Observable<ExchangeResult> {
    const { mchid } = merchant;
    const lacking = (api: 'apiV2' | 'apiV3') => lackingKeys(api, mchid, { variant: variant.name, order });
    // A copy of the order: what an observer does to it must not become part of the result.
    const facts = (): AttemptFacts => {
      const method = variant.api === 'v3' && body === undefined ? 'GET' : 'POST';
      return { operation, variant: variant.name, order: { ...order }, method, mchid, origin, target };
    };
    if (variant.api === 'v2') {
      if (merchant.apiV2 === undefined) throw lacking('apiV2');
      const fields = variant.fields(complete);
      return observed.attempt(this.apiV2.send({ mchid, origin, target, credentials: merchant.apiV2, fields }), facts);
    }
    if (merchant.apiV3 === undefined) throw lacking('apiV3');
    return observed.attempt(this.apiV3.send({ mchid, origin, target, credentials: merchant.apiV3, body }), facts);
  }
}
