import type { OrderReference } from '../errors/order-reference.js';
import type { Merchant } from '../merchants/merchant.js';
import type { ObservedCall } from '../observability/observed-call.js';
import type { ApiV2CloseVariant, ApiV3CloseVariant, CloseVariant } from './close-variant.js';

/** What goes out to close an order, but for who signs it and how. */
export type CloseMessage = { readonly target: string } & (
  | { readonly api: 'v2'; readonly fields: Readonly<Record<string, string | undefined>> }
  | { readonly api: 'v3'; readonly body: string }
);

/** A request that holds, with the merchant that signs it. */
export class PreparedCall<TComplete> {
  readonly order: OrderReference;
  #message: CloseMessage | undefined;

  /**
   * @param variant - which endpoint
   * @param complete - the request
   * @param merchant - that signs
   * @param observed - those who observe the call hear of its attempts
   */
  constructor(
    private readonly variant: Pick<CloseVariant<never, TComplete>, 'order'> & Addressee<TComplete>,
    readonly complete: TComplete,
    readonly merchant: Merchant,
    readonly observed: ObservedCall,
  ) {
    this.order = Object.assign({ mchid: merchant.mchid }, variant.order(complete));
  }

  /** What goes out to close the order; written once, when it is first asked for. */
  get message(): CloseMessage {
    this.#message ??= closeMessage(this.variant, this.complete);
    return this.#message;
  }
}

/** What a close is written with. */
type Addressee<TComplete> =
  | Pick<ApiV2CloseVariant<never, TComplete>, 'api' | 'path' | 'fields'>
  | Pick<ApiV3CloseVariant<never, TComplete>, 'api' | 'path' | 'body'>;

function closeMessage<TComplete>(variant: Addressee<TComplete>, complete: TComplete): CloseMessage {
  const target = variant.path(complete);
  return variant.api === 'v3'
    ? { api: 'v3', target, body: JSON.stringify(variant.body(complete)) }
    : { api: 'v2', target, fields: variant.fields(complete) };
}
