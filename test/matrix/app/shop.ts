import { Controller, Inject, Injectable, Module, Param, Post } from '@nestjs/common';
import { CloseOrderService, type ClosedOrder, Md5Signer, type SigningIdentity } from 'nestjs-wechatpay';
import { type Observable } from 'rxjs';

/** A shop as its owner would write it, in whatever module format this folder's package.json says. */
@Controller('orders')
export class OrdersController {
  constructor(@Inject(CloseOrderService) private readonly closeOrder: CloseOrderService) {}

  @Post(':out_trade_no/close')
  close(@Param('out_trade_no') out_trade_no: string): Observable<ClosedOrder> {
    return this.closeOrder.partner({ out_trade_no, sub_mchid: '1230000109' });
  }
}

@Module({ controllers: [OrdersController] })
export class ShopModule {}

/** Takes the place of the built-in signer, and counts. */
@Injectable()
export class CountingSigner extends Md5Signer {
  static signed = 0;

  override sign(message: string, identity: SigningIdentity): string {
    CountingSigner.signed++;
    return super.sign(message, identity);
  }
}
