import { Inject, Injectable } from '@nestjs/common';
import { defer, map, type Observable } from 'rxjs';

import type { ExchangeResult } from '../answers/exchange-result.js';
import { ApiV2Exchange } from '../api-v2/api-v2.exchange.js';
import { ApiV3Exchange } from '../api-v3/api-v3.exchange.js';
import { InvalidRequestError } from '../errors/invalid-request.error.js';
import { MerchantRegistry } from '../merchants/merchant.registry.js';
import { TransportSettings } from '../transport/transport-settings.js';
import type { CloseVariant } from './close-variant.js';
import type { ClosedOrder } from './closed-order.js';
import { outcomeOf } from './outcome.js';
import { type PreparedCall, prepareCall } from './prepare-call.js';
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

/** How one call differs from the others. */
export interface CloseOptions {
  /**
   * The number of the merchant that signs. Needed only where several are configured and the request does not carry the
   * number, as with `combine` and `repayment`.
   */
  readonly merchant?: string;
}

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
  constructor(
    @Inject(MerchantRegistry) private readonly merchants: MerchantRegistry,
    @Inject(ApiV2Exchange) private readonly apiV2: ApiV2Exchange,
    @Inject(ApiV3Exchange) private readonly apiV3: ApiV3Exchange,
    @Inject(TransportSettings) private readonly settings: TransportSettings,
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
    return defer(() => {
      const call = prepareCall(variant, request, options.merchant, this.merchants);
      const judged = { variant: variant.name, order: call.order, attempts: 1 };
      return this.#exchange(variant, call).pipe(map((result) => outcomeOf(result, judged)));
    });
  }

  #exchange<TRequest, TComplete>(
    variant: CloseVariant<TRequest, TComplete>,
    { merchant, complete, order }: PreparedCall<TComplete>,
  ): Observable<ExchangeResult> {
    const where = {
      mchid: merchant.mchid,
      origin: this.settings.originOf(variant.host),
      target: variant.path(complete),
    };
    const unconfigured = (api: 'apiV2' | 'apiV3') => {
      const rule = `${merchant.mchid} has no ${api}, which this variant needs; add it to the merchant's options`;
      return new InvalidRequestError([{ field: 'merchant', rule }], { variant: variant.name, order });
    };
    if (variant.api === 'v2') {
      if (merchant.apiV2 === undefined) throw unconfigured('apiV2');
      return this.apiV2.post({ ...where, credentials: merchant.apiV2, fields: variant.fields(complete) });
    }
    if (merchant.apiV3 === undefined) throw unconfigured('apiV3');
    return this.apiV3.post({ ...where, credentials: merchant.apiV3, body: variant.body(complete) });
  }
}
