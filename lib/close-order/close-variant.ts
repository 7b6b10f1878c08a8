import type { z } from 'zod';

import type { OrderReference } from '../errors/order-reference.js';
import type { Merchant } from '../merchants/merchant.js';
import type { HostRole } from '../transport/transport-settings.js';
import type { MinimumAge } from './minimum-age.js';
import type { OrderQuery } from './order-query.js';

/** What a variant may know of the merchant that signs. */
export type MerchantIdentity = Pick<Merchant, 'mchid' | 'appid'>;

/** What the variants of both APIs say of themselves. */
export interface CloseVariantBase<TRequest, TComplete> {
  /** Names the variant in results and errors. */
  readonly name: string;
  /** Which of WeChat Pay's hosts serves it. */
  readonly host: HostRole;
  /** What callers write: the merchant's own numbers may be left out. */
  readonly request: z.ZodType<TRequest>;
  /** What goes on the wire: everything is there. */
  readonly complete: z.ZodType<TComplete>;
  /** The number of the merchant that must sign, where the request carries it. */
  merchantNumber(request: TRequest): string | undefined;
  /** Fills in what was left out. The result is checked against `complete`. */
  fill(request: TRequest, merchant: MerchantIdentity): unknown;
  /** How its orders are queried; without it, a doubt cannot be settled by asking. */
  readonly query?: OrderQuery<TComplete>;
  /** How old its orders should be. */
  readonly minimumAge?: MinimumAge;
  /** Which order is meant, but for the merchant that signs. */
  order(complete: TComplete): Omit<OrderReference, 'mchid'>;
}

/** An APIv3 close: JSON, 204. */
export interface ApiV3CloseVariant<TRequest, TComplete = TRequest> extends CloseVariantBase<TRequest, TComplete> {
  readonly api: 'v3';
  /** The path, percent-encoded: what is signed and what is sent. */
  path(complete: TComplete): string;
  /** The JSON body. Members that are `undefined` are left out. */
  body(complete: TComplete): object;
}

/** An APIv2 close: XML, 200. */
export interface ApiV2CloseVariant<TRequest, TComplete = TRequest> extends CloseVariantBase<TRequest, TComplete> {
  readonly api: 'v2';
  /** The path. */
  path(complete: TComplete): string;
  /** The XML fields but for `sign`. Those that are `undefined` are left out. */
  fields(complete: TComplete): Readonly<Record<string, string | undefined>>;
}

/**
 * One close endpoint as data: its request, its path and its body. The built-in ones are exported; one of your own goes
 * into {@link CloseOrderService.close} just the same.
 */
export type CloseVariant<TRequest, TComplete = TRequest> =
  ApiV3CloseVariant<TRequest, TComplete> | ApiV2CloseVariant<TRequest, TComplete>;
