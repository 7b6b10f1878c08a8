import type { Server } from 'node:http';

import { Body, Controller, Get, HttpCode, HttpStatus, Inject, NotFoundException, Param, Post } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { AutoCloseService } from 'nestjs-wechatpay/auto-close';
import { type EmulatorOrder, WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import { openApiSchema } from 'nestjs-wechatpay/openapi';

import { closeOfKind } from '../closing/close-of-kind.js';
import { OrderBook } from '../closing/order-book.js';
import { type OrderView, orderView } from './order-view.js';
import { type PlaceRequest, orderOfKind, placeRequestSchema } from './place-request.js';
import { type RequestView, requestView } from './request-view.js';

/** Places and pays orders on the emulator, and shows what it has seen. It calls the emulator in process. */
@ApiTags('shop')
@Controller('shop')
export class ShopController {
  #placed = 0;

  constructor(
    @Inject(WechatPayEmulator) private readonly emulator: WechatPayEmulator,
    @Inject(AutoCloseService) private readonly autoClose: AutoCloseService,
    @Inject(OrderBook) private readonly book: OrderBook,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  @Get('orders')
  @ApiOperation({ summary: 'All orders, newest first, and how each one is closed' })
  orders(): OrderView[] {
    return this.emulator.orders.map((order) => this.#view(order)).toReversed();
  }

  @Post('orders')
  @ApiOperation({ summary: 'Places an order that closes itself unless it is paid in time' })
  @ApiBody({ required: true, schema: openApiSchema(placeRequestSchema) })
  async place(@Body({ schema: placeRequestSchema }) { kind, closeAfterSeconds }: PlaceRequest): Promise<OrderView> {
    const number = this.#nextNumber();
    const close = { ...closeOfKind(kind, number), closeAfter: closeAfterSeconds * 1_000 };
    // First: a crash in between leaves a schedule without an order, and never an order that nobody closes.
    const { closeAt } = await this.autoClose.schedule(close);
    this.book.add(number, closeAt);
    return this.#view(this.emulator.place({ ...orderOfKind(kind, number), notify_url: this.#notifyUrl() }));
  }

  @Post('orders/:id/pay')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'The buyer pays' })
  @ApiParam({ name: 'id', example: 'order-1' })
  async pay(@Param('id') id: string): Promise<OrderView> {
    const order = this.emulator.pay(this.#order(id));
    // The shop hears of it as any shop does; this waits only so that the page sees it at once.
    await this.emulator.notifications.settled();
    return this.#view(order);
  }

  @Post('orders/:id/start-paying')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'The buyer begins to type the password' })
  @ApiParam({ name: 'id', example: 'order-1' })
  startPaying(@Param('id') id: string): OrderView {
    return this.#view(this.emulator.startPaying(this.#order(id)));
  }

  @Get('requests')
  @ApiOperation({ summary: 'Every request that the emulated WeChat Pay has seen, and its answer, oldest first' })
  requests(): RequestView[] {
    return this.emulator.requests.map(requestView);
  }

  #view(order: EmulatorOrder): OrderView {
    return orderView(order, this.book.find(order.out_trade_no));
  }

  /** Unlike the emulator, the store of closes survives this process: no number may come twice. */
  #nextNumber(): string {
    const time = new Date().toISOString().slice(0, 19).replaceAll(/\D/g, '');
    return `${time}${String(++this.#placed).padStart(4, '0')}`;
  }

  /** The route of {@link PaymentsController} at this application itself. */
  #notifyUrl(): string {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    const address = server.address();
    return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/wechat-pay/notify`;
  }

  #order(id: string): EmulatorOrder {
    const order = this.emulator.order(id);
    if (order === undefined) throw new NotFoundException(`There is no order ${id}.`);
    return order;
  }
}
