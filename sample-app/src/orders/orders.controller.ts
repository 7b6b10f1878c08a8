import { Body, Controller, HttpCode, HttpStatus, Inject, Post, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type ClosedOrder,
  CloseOrderService,
  type CombineCloseRequest,
  combineCloseRequestSchema,
  combineVariant,
  type DirectCloseRequest,
  directCloseRequestSchema,
  directVariant,
  globalByIdVariant,
  globalByOutTradeNoVariant,
  type GlobalCloseByIdRequest,
  globalCloseByIdRequestSchema,
  type GlobalCloseByOutTradeNoRequest,
  globalCloseByOutTradeNoRequestSchema,
  hkByIdVariant,
  hkByOutTradeNoVariant,
  type HkCloseByIdRequest,
  hkCloseByIdRequestSchema,
  type HkCloseByOutTradeNoRequest,
  hkCloseByOutTradeNoRequestSchema,
  type PartnerCloseRequest,
  partnerCloseRequestSchema,
  partnerVariant,
  type RepaymentCloseRequest,
  repaymentCloseRequestSchema,
  repaymentVariant,
  type V2CloseRequest,
  v2CloseRequestSchema,
  v2Variant,
} from 'nestjs-wechatpay';
import { ApiCloseOrder } from 'nestjs-wechatpay/openapi';
import type { Observable } from 'rxjs';

import { KeepBookInterceptor } from '../closing/keep-book.interceptor.js';

/**
 * Closes orders (关闭订单): one route a variant.
 *
 * Each handler returns the library's Observable as it is. Nest subscribes to it and answers with the closed order;
 * everything else is thrown, and answered by the library's `WechatPayExceptionFilter`.
 */
@ApiTags('orders')
@Controller('orders')
@UseInterceptors(KeepBookInterceptor)
export class OrdersController {
  constructor(@Inject(CloseOrderService) private readonly closeOrder: CloseOrderService) {}

  @Post('v2/close')
  @HttpCode(HttpStatus.OK)
  @ApiCloseOrder(v2Variant, {
    summary: 'APIv2: an order of a direct merchant, or of a sub-merchant',
    status: HttpStatus.OK,
  })
  v2(@Body({ schema: v2CloseRequestSchema }) request: V2CloseRequest): Observable<ClosedOrder> {
    return this.closeOrder.v2(request);
  }

  @Post('direct/close')
  @HttpCode(HttpStatus.OK)
  @ApiCloseOrder(directVariant, { summary: 'APIv3: an order of a direct merchant', status: HttpStatus.OK })
  direct(@Body({ schema: directCloseRequestSchema }) request: DirectCloseRequest): Observable<ClosedOrder> {
    return this.closeOrder.direct(request);
  }

  @Post('partner/close')
  @HttpCode(HttpStatus.OK)
  @ApiCloseOrder(partnerVariant, { summary: 'APIv3: an order placed for a sub-merchant', status: HttpStatus.OK })
  partner(@Body({ schema: partnerCloseRequestSchema }) request: PartnerCloseRequest): Observable<ClosedOrder> {
    return this.closeOrder.partner(request);
  }

  @Post('combine/close')
  @HttpCode(HttpStatus.OK)
  @ApiCloseOrder(combineVariant, { summary: 'APIv3: a combined order, with all its parts', status: HttpStatus.OK })
  combine(@Body({ schema: combineCloseRequestSchema }) request: CombineCloseRequest): Observable<ClosedOrder> {
    return this.closeOrder.combine(request);
  }

  @Post('repayment/close')
  @HttpCode(HttpStatus.OK)
  @ApiCloseOrder(repaymentVariant, {
    summary: 'APIv3: a combined order of the repayment product',
    status: HttpStatus.OK,
  })
  repayment(@Body({ schema: repaymentCloseRequestSchema }) request: RepaymentCloseRequest): Observable<ClosedOrder> {
    return this.closeOrder.repayment(request);
  }

  @Post('hk/by-id/close')
  @HttpCode(HttpStatus.OK)
  @ApiCloseOrder(hkByIdVariant, { summary: "APIv3 Hong Kong: by WeChat Pay's order number", status: HttpStatus.OK })
  hkById(@Body({ schema: hkCloseByIdRequestSchema }) request: HkCloseByIdRequest): Observable<ClosedOrder> {
    return this.closeOrder.hkById(request);
  }

  @Post('hk/by-out-trade-no/close')
  @HttpCode(HttpStatus.OK)
  @ApiCloseOrder(hkByOutTradeNoVariant, {
    summary: "APIv3 Hong Kong: by the merchant's order number",
    status: HttpStatus.OK,
  })
  hkByOutTradeNo(
    @Body({ schema: hkCloseByOutTradeNoRequestSchema }) request: HkCloseByOutTradeNoRequest,
  ): Observable<ClosedOrder> {
    return this.closeOrder.hkByOutTradeNo(request);
  }

  @Post('global/by-id/close')
  @HttpCode(HttpStatus.OK)
  @ApiCloseOrder(globalByIdVariant, { summary: "APIv3 overseas: by WeChat Pay's order number", status: HttpStatus.OK })
  globalById(@Body({ schema: globalCloseByIdRequestSchema }) request: GlobalCloseByIdRequest): Observable<ClosedOrder> {
    return this.closeOrder.globalById(request);
  }

  @Post('global/by-out-trade-no/close')
  @HttpCode(HttpStatus.OK)
  @ApiCloseOrder(globalByOutTradeNoVariant, {
    summary: "APIv3 overseas: by the merchant's order number",
    status: HttpStatus.OK,
  })
  globalByOutTradeNo(
    @Body({ schema: globalCloseByOutTradeNoRequestSchema }) request: GlobalCloseByOutTradeNoRequest,
  ): Observable<ClosedOrder> {
    return this.closeOrder.globalByOutTradeNo(request);
  }
}
