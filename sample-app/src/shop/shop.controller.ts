import { Body, Controller, Get, HttpCode, HttpStatus, Inject, NotFoundException, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { type EmulatorOrder, WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { openApiSchema } from '../docs/open-api-schema.js';
import { type OrderView, orderView } from './order-view.js';
import { type PlaceRequest, orderOfKind, placeRequestSchema } from './place-request.js';
import { type RequestView, requestView } from './request-view.js';

/** Places and pays orders on the emulator, and shows what it has seen. It calls the emulator in process. */
@ApiTags('shop')
@Controller('shop')
export class ShopController {
  #placed = 0;

  constructor(@Inject(WechatPayEmulator) private readonly emulator: WechatPayEmulator) {}

  @Get('orders')
  @ApiOperation({ summary: 'All orders, newest first, and how each one is closed' })
  orders(): OrderView[] {
    return this.emulator.orders.map(orderView).toReversed();
  }

  @Post('orders')
  @ApiOperation({ summary: 'Places an order' })
  @ApiBody({ required: true, schema: openApiSchema(placeRequestSchema) })
  place(@Body({ schema: placeRequestSchema }) { kind }: PlaceRequest): OrderView {
    const day = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    const number = `${day}${String(++this.#placed).padStart(6, '0')}`;
    return orderView(this.emulator.place(orderOfKind(kind, number)));
  }

  @Post('orders/:id/pay')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'The buyer pays' })
  @ApiParam({ name: 'id', example: 'order-1' })
  pay(@Param('id') id: string): OrderView {
    return orderView(this.emulator.pay(this.#order(id)));
  }

  @Post('orders/:id/start-paying')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'The buyer begins to type the password' })
  @ApiParam({ name: 'id', example: 'order-1' })
  startPaying(@Param('id') id: string): OrderView {
    return orderView(this.emulator.startPaying(this.#order(id)));
  }

  @Get('requests')
  @ApiOperation({ summary: 'Every request that the emulated WeChat Pay has seen, and its answer, oldest first' })
  requests(): RequestView[] {
    return this.emulator.requests.map(requestView);
  }

  #order(id: string): EmulatorOrder {
    const order = this.emulator.order(id);
    if (order === undefined) throw new NotFoundException(`There is no order ${id}.`);
    return order;
  }
}
