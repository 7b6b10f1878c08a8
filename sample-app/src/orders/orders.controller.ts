import { Body, Controller, HttpCode, HttpStatus, Inject, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  type ClosedOrder,
  CloseOrderService,
  type CombineCloseRequest,
  combineCloseRequestSchema,
  type DirectCloseRequest,
  directCloseRequestSchema,
  type GlobalCloseByIdRequest,
  globalCloseByIdRequestSchema,
  type GlobalCloseByOutTradeNoRequest,
  globalCloseByOutTradeNoRequestSchema,
  type HkCloseByIdRequest,
  hkCloseByIdRequestSchema,
  type HkCloseByOutTradeNoRequest,
  hkCloseByOutTradeNoRequestSchema,
  type PartnerCloseRequest,
  partnerCloseRequestSchema,
  type RepaymentCloseRequest,
  repaymentCloseRequestSchema,
  type V2CloseRequest,
  v2CloseRequestSchema,
} from 'nestjs-wechatpay';
import type { Observable } from 'rxjs';

import { CloseDocs, CloseErrorDocs } from '../docs/close-docs.decorator.js';
import { EXAMPLES } from '../docs/close-examples.js';

/**
 * Closes orders (关闭订单): one route a variant.
 *
 * Each handler returns the library's Observable as it is. Nest subscribes to it and answers with the closed order;
 * everything else is thrown, and answered by the library's `WechatPayExceptionFilter`.
 */
@ApiTags('orders')
@CloseErrorDocs()
@Controller('orders')
export class OrdersController {
  constructor(@Inject(CloseOrderService) private readonly closeOrder: CloseOrderService) {}

  @Post('v2/close')
  @HttpCode(HttpStatus.OK)
  @CloseDocs('APIv2: an order of a direct merchant, or of a sub-merchant', v2CloseRequestSchema, EXAMPLES.v2)
  v2(@Body({ schema: v2CloseRequestSchema }) request: V2CloseRequest): Observable<ClosedOrder> {
    return this.closeOrder.v2(request);
  }

  @Post('direct/close')
  @HttpCode(HttpStatus.OK)
  @CloseDocs('APIv3: an order of a direct merchant', directCloseRequestSchema, EXAMPLES.direct)
  direct(@Body({ schema: directCloseRequestSchema }) request: DirectCloseRequest): Observable<ClosedOrder> {
    return this.closeOrder.direct(request);
  }

  @Post('partner/close')
  @HttpCode(HttpStatus.OK)
  @CloseDocs('APIv3: an order placed for a sub-merchant', partnerCloseRequestSchema, EXAMPLES.partner)
  partner(@Body({ schema: partnerCloseRequestSchema }) request: PartnerCloseRequest): Observable<ClosedOrder> {
    return this.closeOrder.partner(request);
  }

  @Post('combine/close')
  @HttpCode(HttpStatus.OK)
  @CloseDocs('APIv3: a combined order, with all its parts', combineCloseRequestSchema, EXAMPLES.combine)
  combine(@Body({ schema: combineCloseRequestSchema }) request: CombineCloseRequest): Observable<ClosedOrder> {
    return this.closeOrder.combine(request);
  }

  @Post('repayment/close')
  @HttpCode(HttpStatus.OK)
  @CloseDocs('APIv3: a combined order of the repayment product', repaymentCloseRequestSchema, EXAMPLES.repayment)
  repayment(@Body({ schema: repaymentCloseRequestSchema }) request: RepaymentCloseRequest): Observable<ClosedOrder> {
    return this.closeOrder.repayment(request);
  }

  @Post('hk/by-id/close')
  @HttpCode(HttpStatus.OK)
  @CloseDocs("APIv3 Hong Kong: by WeChat Pay's order number", hkCloseByIdRequestSchema, EXAMPLES.hkById)
  hkById(@Body({ schema: hkCloseByIdRequestSchema }) request: HkCloseByIdRequest): Observable<ClosedOrder> {
    return this.closeOrder.hkById(request);
  }

  @Post('hk/by-out-trade-no/close')
  @HttpCode(HttpStatus.OK)
  @CloseDocs(
    "APIv3 Hong Kong: by the merchant's order number",
    hkCloseByOutTradeNoRequestSchema,
    EXAMPLES.hkByOutTradeNo,
  )
  hkByOutTradeNo(
    @Body({ schema: hkCloseByOutTradeNoRequestSchema }) request: HkCloseByOutTradeNoRequest,
  ): Observable<ClosedOrder> {
    return this.closeOrder.hkByOutTradeNo(request);
  }

  @Post('global/by-id/close')
  @HttpCode(HttpStatus.OK)
  @CloseDocs("APIv3 overseas: by WeChat Pay's order number", globalCloseByIdRequestSchema, EXAMPLES.globalById)
  globalById(@Body({ schema: globalCloseByIdRequestSchema }) request: GlobalCloseByIdRequest): Observable<ClosedOrder> {
    return this.closeOrder.globalById(request);
  }

  @Post('global/by-out-trade-no/close')
  @HttpCode(HttpStatus.OK)
  @CloseDocs(
    "APIv3 overseas: by the merchant's order number",
    globalCloseByOutTradeNoRequestSchema,
    EXAMPLES.globalByOutTradeNo,
  )
  globalByOutTradeNo(
    @Body({ schema: globalCloseByOutTradeNoRequestSchema }) request: GlobalCloseByOutTradeNoRequest,
  ): Observable<ClosedOrder> {
    return this.closeOrder.globalByOutTradeNo(request);
  }
}
