import { Inject, Injectable } from '@nestjs/common';
import { type Observable, of } from 'rxjs';

import { type Ear, listen } from '../environment/ear.js';
import { InvalidRequestError } from '../errors/invalid-request.error.js';
import { numberOf, type OrderReference } from '../errors/order-reference.js';
import type { Merchant } from '../merchants/merchant.js';
import { CallWatch } from '../observability/call-watch.js';
import { UNOBSERVED } from '../observability/observed-call.js';
import type { BulkCloseOptions, BulkRequest, BulkVariant } from './bulk/bulk-close.options.js';
import { BulkCloser } from './bulk/bulk.closer.js';
import type { BulkOutcome } from './bulk/bulk-outcome.js';
import type { BulkSource } from './bulk/bulk-source.js';
import type { CloseOptions, SettleOptions } from './call-options.js';
import { CallPreparer } from './call-preparer.js';
import { CloseFlow } from './close.flow.js';
import { lackingKeys } from './lacking-keys.js';
import type { CloseVariant } from './close-variant.js';
import type { ClosedOrder } from './closed-order.js';
import type { Confirm } from './confirmation.js';
import { FlowSettings } from './flow-settings.js';
import type { CloseMessage, PreparedCall } from './prepared-call.js';
import type { QueriedOrder } from './queried-order.js';
import { SettleFlow } from './settle.flow.js';
import type { SettledOrder } from './settled-order.js';
import { SingleFlight } from './single-flight.js';
import { type CombineCloseRequest, combineVariant } from './variants/combine.variant.js';
import { type DirectCloseRequest, directVariant } from './variants/direct.variant.js';
import {
  type GlobalCloseByIdRequest,
  type GlobalCloseByOutTradeNoRequest,
  globalByIdVariant,
  globalByOutTradeNoVariant,
} from './variants/global.variant.js';
import {
  type HkCloseByIdRequest,
  type HkCloseByOutTradeNoRequest,
  hkByIdVariant,
  hkByOutTradeNoVariant,
} from './variants/hk.variant.js';
import { type PartnerCloseRequest, partnerVariant } from './variants/partner.variant.js';
import { type RepaymentCloseRequest, repaymentVariant } from './variants/repayment.variant.js';
import { type V2CloseRequest, v2Variant } from './variants/v2.variant.js';

const DEFAULT_SETTLE_MS = 60_000;
/** An order lives for 7 days; and no timer of Node runs for more than 24 days. */
const LONGEST_SETTLE_MS = 7 * 86_400_000;

/**
 * Closes orders (关闭订单), one method an endpoint.
 *
 * Every method returns a cold Observable: nothing is checked, signed or sent before it is subscribed to, each subscription
 * is a request of its own with a fresh nonce, time and signature, and unsubscribing closes the request's socket. It emits
 * one {@link ClosedOrder} and completes, which means: **the order is closed, proven by WeChat Pay's signature.** Anything
 * else is a {@link WechatPayError}: {@link OrderPaidError}, {@link OrderNotFoundError}, {@link PaymentInProgressError},
 * {@link ReverseRequiredError}, {@link RequestRefusedError}, {@link InvalidRequestError}, or {@link OutcomeUnknownError}
 * where nothing is proven.
 *
 * A close does not prove that the order ever existed: WeChat Pay may answer a close of an unknown number as a success
 * (protocol §1.5).
 */
@Injectable()
export class CloseOrderService {
  readonly #closes = new WeakMap<Merchant, WeakMap<object, SingleFlight<ClosedOrder>>>();

  constructor(
    @Inject(CallPreparer) private readonly calls: CallPreparer,
    @Inject(CloseFlow) private readonly flow: CloseFlow,
    @Inject(SettleFlow) private readonly settling: SettleFlow,
    @Inject(FlowSettings) private readonly settings: FlowSettings,
    @Inject(CallWatch) private readonly watch: CallWatch,
    @Inject(BulkCloser) private readonly bulk: BulkCloser,
  ) {}

  /**
   * APIv2 `POST /pay/closeorder`: orders of direct merchants, or with `sub_mch_id` of a service provider's sub-merchants.
   * WeChat Pay wants them to be at least 5 minutes old.
   *
   * @param request - `appid` and `mch_id` are filled in; a `nonce_str` or `sign_type` that is given is honoured
   * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_3
   */
  v2(request: V2CloseRequest, options?: CloseOptions): Observable<ClosedOrder> {
    return this.close(v2Variant, request, options);
  }

  /**
   * APIv3, orders of direct merchants.
   *
   * @param request - `mchid` is filled in
   * @see https://pay.weixin.qq.com/doc/v3/merchant/4013070360
   */
  direct(request: DirectCloseRequest, options?: CloseOptions): Observable<ClosedOrder> {
    return this.close(directVariant, request, options);
  }

  /**
   * APIv3, orders that a service provider placed for a sub-merchant.
   *
   * @param request - `sp_mchid` is filled in
   * @see https://pay.weixin.qq.com/doc/v3/partner/4012759669
   */
  partner(request: PartnerCloseRequest, options?: CloseOptions): Observable<ClosedOrder> {
    return this.close(partnerVariant, request, options);
  }

  /**
   * APIv3, combined orders: all parts at once, exactly as they were placed.
   *
   * @param request - signed by the only merchant, or by `options.merchant`
   * @see https://pay.weixin.qq.com/doc/v3/partner/4012761079
   */
  combine(request: CombineCloseRequest, options?: CloseOptions): Observable<ClosedOrder> {
    return this.close(combineVariant, request, options);
  }

  /**
   * APIv3, combined orders of the repayment product.
   *
   * @param request - signed by the only merchant, or by `options.merchant`
   * @see https://pay.weixin.qq.com/doc/v3/partner/4015124497
   */
  repayment(request: RepaymentCloseRequest, options?: CloseOptions): Observable<ClosedOrder> {
    return this.close(repaymentVariant, request, options);
  }

  /**
   * APIv3 Hong Kong, by WeChat Pay's order number. Superseded by {@link CloseOrderService.globalById}.
   *
   * @param request - as a direct merchant, as an institution, or with all three numbers
   * @see https://pay.weixin.qq.com/wiki/doc/api/wxpay/ch/fusion_wallet_ch/NativePay/chapter8_6.shtml
   */
  hkById(request: HkCloseByIdRequest, options?: CloseOptions): Observable<ClosedOrder> {
    return this.close(hkByIdVariant, request, options);
  }

  /**
   * APIv3 Hong Kong, by the merchant's order number. Superseded by {@link CloseOrderService.globalByOutTradeNo}.
   *
   * @param request - as a direct merchant, as an institution, or with all three numbers
   * @see https://pay.weixin.qq.com/wiki/doc/api/wxpay/ch/fusion_wallet_ch/NativePay/chapter8_6.shtml
   */
  hkByOutTradeNo(request: HkCloseByOutTradeNoRequest, options?: CloseOptions): Observable<ClosedOrder> {
    return this.close(hkByOutTradeNoVariant, request, options);
  }

  /**
   * APIv3 overseas, by WeChat Pay's order number. WeChat Pay wants orders to be at least 5 minutes old.
   *
   * @param request - as a direct merchant, as an institution, or with all three numbers
   * @see https://pay.weixin.qq.com/doc/global/v3/zh/4013014140
   */
  globalById(request: GlobalCloseByIdRequest, options?: CloseOptions): Observable<ClosedOrder> {
    return this.close(globalByIdVariant, request, options);
  }

  /**
   * APIv3 overseas, by the merchant's order number. WeChat Pay wants orders to be at least 5 minutes old.
   *
   * @param request - as a direct merchant, as an institution, or with all three numbers
   * @see https://pay.weixin.qq.com/doc/global/v3/zh/4013014140
   */
  globalByOutTradeNo(request: GlobalCloseByOutTradeNoRequest, options?: CloseOptions): Observable<ClosedOrder> {
    return this.close(globalByOutTradeNoVariant, request, options);
  }

  /**
   * Closes through any endpoint: a built-in variant, or one of your own.
   *
   * @param variant - the endpoint as data
   * @param request - what the variant's schema takes
   * @param options - of this call
   */
  close<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    request: TRequest,
    options: CloseOptions = {},
  ): Observable<ClosedOrder> {
    return this.watch.call('close', variant, (observed) => {
      const begin = (prepared: PreparedCall<TComplete>, ear: Ear<ClosedOrder>) => {
        const confirm = options.confirm ?? this.settings.confirm;
        const close = (all: Ear<ClosedOrder>) => this.flow.close(variant, prepared, confirm, all);
        const { order, message } = prepared;
        const number = numberOf(order) ?? '';
        const key = () => keyOf(message, order, confirm);
        return this.#closesOf(prepared.merchant, variant).join(number, key, ear, close);
      };
      return this.calls.prepare(variant, request, options, observed, begin);
    });
  }

  /**
   * Closes many orders through one endpoint, a few at once and no faster than WeChat Pay bears.
   *
   * @param source - the requests: an iterable or async iterable, which is pulled only as places free, so that a million orders
   * need no more memory than a few; or an Observable, which is buffered up to `options.buffer`
   * @param options - `variant`, how many at once, how fast, from which checkpoint on
   * @returns a cold Observable of one {@link BulkOutcome} an input, as they end. An order that fails is an outcome, too. It ends with
   * {@link BulkStoppedError} where the source or `record` fails or the application shuts down, and with {@link InvalidRequestError}
   * where the options do not hold, before anything is read. Unsubscribing pulls nothing more, returns the source's iterator
   * and closes the sockets of requests under way. Equal orders that are under way at once share one close; orders that stand twice
   * further apart are closed twice, which does no harm
   * @example
   * ```ts
   * closeOrder.many(expiredOrders(), { variant: 'direct', concurrency: 32 }).subscribe((ended) => {
   *   if (ended.outcome === 'closed') releaseStock(ended.request.out_trade_no);
   *   else if (ended.outcome === 'paid') fulfil(ended.request.out_trade_no);
   * });
   * ```
   */
  many<TVariant extends BulkVariant>(
    source: BulkSource<BulkRequest<TVariant>>,
    options: BulkCloseOptions<TVariant>,
  ): Observable<BulkOutcome<BulkRequest<TVariant>>> {
    return this.bulk.closeAll(source, options, this);
  }

  /**
   * Asks for the state of an order. It emits one {@link QueriedOrder}, proven by WeChat Pay's signature over an answer that
   * names the order, and completes; anything else is a {@link WechatPayError}.
   *
   * @param variant - the order's endpoint, such as `directVariant`
   * @param request - what the variant's close takes
   * @param options - of this call
   * @see protocol §2
   */
  query<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    request: TRequest,
    options: Pick<CloseOptions, 'merchant'> = {},
  ): Observable<QueriedOrder> {
    // Nothing else that stands there, such as an order's age; and read only once the call has begun.
    const mine = {
      get merchant() {
        return options.merchant;
      },
    };
    return this.watch.call('query', variant, (observed) => {
      const begin = (prepared: PreparedCall<TComplete>, ear: Ear<QueriedOrder>) => {
        if (variant.query !== undefined) return this.flow.query(variant, prepared, variant.query, ear);
        const issue = { field: 'variant', rule: `${variant.name} has no query` };
        throw new InvalidRequestError([issue], { variant: variant.name, order: prepared.order });
      };
      return this.calls.prepare(variant, request, mine, observed, begin);
    });
  }

  /**
   * Closes and asks until the order is certainly closed or certainly paid, for code that wants an end and not an error. It
   * is safe to call twice and from two processes: only a signed answer that names the order ends it as closed.
   *
   * @param variant - the order's endpoint, such as `directVariant`
   * @param request - what the variant's close takes
   * @param options - of this call; `withinMs` says when to give up, in milliseconds
   * @returns a cold Observable of one {@link SettledOrder}. Where nothing is certain in time it ends with the last
   * {@link WechatPayError}, and at once with one that asking again cannot change, such as {@link OrderNotFoundError}
   * @example
   * ```ts
   * closeOrder.settle(directVariant, { out_trade_no }).subscribe((order) => {
   *   if (order.state === 'PAID') fulfil(order.transaction);
   *   else releaseStock();
   * });
   * ```
   */
  settle<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    request: TRequest,
    options: SettleOptions = {},
  ): Observable<SettledOrder> {
    const { withinMs = DEFAULT_SETTLE_MS } = options;
    return this.watch.call('settle', variant, (observed) => {
      const begin = (prepared: PreparedCall<TComplete>, ear: Ear<SettledOrder>) => {
        if (Number.isInteger(withinMs) && withinMs >= 1 && withinMs <= LONGEST_SETTLE_MS) {
          return listen(this.settling.settle(variant, prepared, withinMs), ear);
        }
        const issue = { field: 'options.withinMs', rule: `is not a whole number from 1 to ${LONGEST_SETTLE_MS}` };
        throw new InvalidRequestError([issue], { variant: variant.name, order: prepared.order });
      };
      return this.calls.prepare(variant, request, options, observed, begin);
    });
  }

  /**
   * Checks a request as a close would, and tells which order it means. Nothing is signed or sent.
   *
   * @param variant - the order's endpoint, such as `directVariant`
   * @param request - what the variant's close takes
   * @param options - `merchant` as in a close; `evenWithoutKeys` where the order shall be told although the merchant lacks the
   * keys that the variant is signed with
   * @returns a cold Observable of one {@link OrderReference}, with the merchant that would sign as `mchid`. A request that
   * does not hold ends it with {@link InvalidRequestError}
   */
  identify<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    request: TRequest,
    options: Pick<CloseOptions, 'merchant'> & { readonly evenWithoutKeys?: boolean } = {},
  ): Observable<OrderReference> {
    const { merchant: named, evenWithoutKeys = false } = options;
    const api = variant.api === 'v2' ? 'apiV2' : 'apiV3';
    const begin = ({ merchant, order }: PreparedCall<TComplete>, ear: Ear<OrderReference>) => {
      if (evenWithoutKeys || merchant[api] !== undefined) return listen(of(order), ear);
      throw lackingKeys(api, merchant.mchid, { variant: variant.name, order });
    };
    return this.calls.prepare(variant, request, { merchant: named }, UNOBSERVED, begin);
  }

  /** Calls that are signed with other keys, or made through other endpoints, share nothing, even where they are equal. */
  #closesOf(merchant: Merchant, variant: object): SingleFlight<ClosedOrder> {
    const known = this.#closes.get(merchant)?.get(variant);
    if (known !== undefined) return known;
    const closes = new SingleFlight<ClosedOrder>();
    const all = this.#closes.get(merchant) ?? new WeakMap<object, SingleFlight<ClosedOrder>>();
    this.#closes.set(merchant, all.set(variant, closes));
    return closes;
  }
}

/** By what goes out, not by what it is made of: a `Map` or a class of the application's own may look like any other in JSON. */
function keyOf(message: CloseMessage, order: OrderReference, confirm: Confirm): string {
  const content = message.api === 'v3' ? message.body : JSON.stringify(message.fields);
  return `${confirm}\n${message.target}\n${content}\n${JSON.stringify(order)}`;
}
