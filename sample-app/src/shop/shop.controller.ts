import type { Server } from 'node:http';

import {
  Body,
  Controller,
  Get,
  HttpCode,
  HttpStatus,
  Inject,
  NotFoundException,
  Param,
  Post,
  Put,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { ApiBody, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { AutoCloseService } from 'nestjs-wechatpay/auto-close';
import { type EmulatorOrder, WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import { openApiSchema } from 'nestjs-wechatpay/openapi';

import { closeOfKind } from '../closing/close-of-kind.js';
import { OrderBook } from '../closing/order-book.js';
import { type FaultRequest, faultRequestSchema } from '../faults/fault-choice.js';
import { OrderFaults } from '../faults/order-faults.js';
import { Timeline } from '../timeline/timeline.js';
import { type OrderView, OrderViews } from './order-views.js';
import { type PlaceRequest, orderOfKind, placeRequestSchema } from './place-request.js';

/** Places and pays orders on the emulator, and has things go wrong. It calls the emulator in process. */
@ApiTags('shop')
@Controller('shop/orders')
export class ShopController {
  #placed = 0;

  constructor(
    @Inject(WechatPayEmulator) private readonly emulator: WechatPayEmulator,
    @Inject(AutoCloseService) private readonly autoClose: AutoCloseService,
    @Inject(OrderBook) private readonly book: OrderBook,
    @Inject(OrderFaults) private readonly faults: OrderFaults,
    @Inject(Timeline) private readonly timeline: Timeline,
    @Inject(OrderViews) private readonly views: OrderViews,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {}

  @Get()
  @ApiOperation({ summary: 'All orders, newest first, what happened to each, and how it is closed' })
  orders(): OrderView[] {
    return this.views.all();
  }

  @Post()
  @ApiOperation({ summary: 'Places an order that closes itself unless it is paid in time' })
  @ApiBody({ required: true, schema: openApiSchema(placeRequestSchema) })
  async place(@Body({ schema: placeRequestSchema }) { kind, closeAfterSeconds }: PlaceRequest): Promise<OrderView> {
    const number = this.#nextNumber();
    const close = { ...closeOfKind(kind, number), closeAfter: closeAfterSeconds * 1_000 };
    // First: a crash in between leaves a schedule without an order, and never an order that nobody closes.
    const { closeAt, order: scheduled } = await this.autoClose.schedule(close);
    this.book.add(number, closeAt, scheduled);
    return this.#changed(this.emulator.place({ ...orderOfKind(kind, number), notify_url: this.#notifyUrl() }));
  }

  @Post(':id/pay')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'The buyer pays' })
  @ApiParam({ name: 'id', example: 'order-1' })
  async pay(@Param('id') id: string): Promise<OrderView> {
    const order = this.emulator.pay(this.#order(id));
    // The shop hears of it as any shop does; this waits only so that the page sees it at once.
    await this.emulator.notifications.settled();
    return this.#changed(order);
  }

  @Post(':id/start-paying')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'The buyer begins to type the password' })
  @ApiParam({ name: 'id', example: 'order-1' })
  startPaying(@Param('id') id: string): OrderView {
    return this.#changed(this.emulator.startPaying(this.#order(id)));
  }

  @Post(':id/close-now')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: "The order's time is up: it closes itself now" })
  @ApiParam({ name: 'id', example: 'order-1' })
  async closeNow(@Param('id') id: string): Promise<OrderView> {
    const order = this.#order(id);
    const scheduled = this.book.scheduledAs(order.out_trade_no);
    if (scheduled !== undefined) await this.autoClose.closeNow(scheduled);
    return this.#changed(order);
  }

  @Post(':id/drop')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'What no shop should do: closes the order in its own book and does not ask WeChat Pay' })
  @ApiParam({ name: 'id', example: 'order-1' })
  async drop(@Param('id') id: string): Promise<OrderView> {
    const order = this.#order(id);
    const scheduled = this.book.scheduledAs(order.out_trade_no);
    if (this.book.moveFromPending(order.out_trade_no, 'CLOSED')) {
      if (scheduled !== undefined) await this.autoClose.cancel(scheduled);
      this.timeline.write(order.out_trade_no, { kind: 'dropped' });
    }
    return this.#changed(order);
  }

  @Put(':id/fault')
  @ApiOperation({ summary: 'Has something go wrong when the order is closed the next time' })
  @ApiParam({ name: 'id', example: 'order-1' })
  @ApiBody({ required: true, schema: openApiSchema(faultRequestSchema) })
  fault(@Param('id') id: string, @Body({ schema: faultRequestSchema }) { fault }: FaultRequest): OrderView {
    const order = this.#order(id);
    this.faults.arm(order, fault);
    return this.#changed(order);
  }

  #changed(order: EmulatorOrder): OrderView {
    this.timeline.touch(order.out_trade_no);
    return this.views.of(order);
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
