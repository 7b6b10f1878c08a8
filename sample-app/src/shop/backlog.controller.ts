import { Controller, HttpCode, HttpStatus, Inject, Post } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type BulkOutcome, CloseOrderService, type DirectCloseRequest } from 'nestjs-wechatpay';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import { type Observable, reduce } from 'rxjs';

import { Bookkeeper } from '../closing/bookkeeper.js';

/** How many orders came to what. */
type Counts = Partial<Record<BulkOutcome<unknown>['outcome'], number>>;

/** Closes what is open at the end of the day. */
@ApiTags('shop')
@Controller('shop/backlog')
export class BacklogController {
  constructor(
    @Inject(CloseOrderService) private readonly closeOrder: CloseOrderService,
    @Inject(WechatPayEmulator) private readonly emulator: WechatPayEmulator,
    @Inject(Bookkeeper) private readonly books: Bookkeeper,
  ) {}

  @Post('close')
  @HttpCode(HttpStatus.OK)
  @ApiOperation({ summary: 'Closes every open order of a direct merchant, and counts how they ended' })
  close(): Observable<Counts> {
    return this.closeOrder
      .many(this.#open(), { variant: 'direct', record: (ended) => this.#record(ended) })
      .pipe(
        reduce<BulkOutcome<unknown>, Counts>(
          (counts, { outcome }) => ({ ...counts, [outcome]: (counts[outcome] ?? 0) + 1 }),
          {},
        ),
      );
  }

  /** Stands for a cursor of the shop's database. */
  *#open(): Generator<DirectCloseRequest, void> {
    for (const { kind, state, sub_mchid, out_trade_no } of this.emulator.orders) {
      if (kind === 'basic' && state === 'NOTPAY' && sub_mchid === undefined) yield { out_trade_no };
    }
  }

  async #record(ended: BulkOutcome<DirectCloseRequest>): Promise<void> {
    if (ended.outcome === 'closed') await this.books.ended(ended.order.order, 'CLOSED');
    if (ended.outcome === 'paid') await this.books.ended(ended.error.order, 'PAID');
  }
}
