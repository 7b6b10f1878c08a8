import { applyDecorators, HttpStatus, type Type } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

import { ApiWechatPayProblems } from './api-wechat-pay-problems.decorator.js';
import { closedOrderSchema } from './closed-order.schema.js';
import { component } from './component.js';

/** What is documented of a variant; every `CloseVariant` is one, your own included. */
export interface DocumentedVariant {
  /** Such as `direct`. It names the request in the document: `DirectCloseRequest`. */
  readonly name: string;
  /** Of the request's body. */
  readonly request: z.ZodType;
}

/** What {@link ApiCloseOrder} takes besides the variant. */
export interface ApiCloseOrderOptions {
  /** The operation's summary; `Close an order 关闭订单 (direct)` where it is left out. */
  readonly summary?: string;
  /** The status of success: 201, Nest's own for `@Post`, unless the route says otherwise, as with `@HttpCode(200)`. */
  readonly status?: number;
}

const Closed = component('ClosedOrder', closedOrderSchema);
const requests = new WeakMap<DocumentedVariant, Type<unknown>>();

/**
 * Documents a route whose body is a variant's request, whose reply is the `ClosedOrder`, and whose errors
 * {@link WechatPayExceptionFilter} answers. The schemas come from those that check the request, with WeChat Pay's own names of
 * the fields.
 *
 * @param variant - of `CloseOrderService`
 * @param options - how the route differs
 *
 * @example
 * ```ts
 * @Post('close')
 * @HttpCode(200)
 * @ApiCloseOrder(directVariant, { status: 200 })
 * close(@Body() request: DirectCloseRequest): Observable<ClosedOrder> {
 *   return this.closeOrder.direct(request);
 * }
 * ```
 */
export function ApiCloseOrder(variant: DocumentedVariant, options: ApiCloseOrderOptions = {}): MethodDecorator {
  const { summary = `Close an order 关闭订单 (${variant.name})`, status = HttpStatus.CREATED } = options;
  return applyDecorators(
    ApiOperation({ summary }),
    ApiBody({ required: true, type: requestOf(variant) }),
    ApiResponse({ status, description: "Closed, proven by WeChat Pay's signature", type: Closed }),
    ApiWechatPayProblems(),
  );
}

/** One component a variant, however many routes take it. */
function requestOf(variant: DocumentedVariant): Type<unknown> {
  const known = requests.get(variant);
  if (known !== undefined) return known;
  const { name, request } = variant;
  const made = component(`${name.charAt(0).toUpperCase()}${name.slice(1)}CloseRequest`, request);
  requests.set(variant, made);
  return made;
}
