import type {
  CombineCloseRequest,
  DirectCloseRequest,
  GlobalCloseByIdRequest,
  GlobalCloseByOutTradeNoRequest,
  HkCloseByIdRequest,
  HkCloseByOutTradeNoRequest,
  PartnerCloseRequest,
  RepaymentCloseRequest,
  V2CloseRequest,
} from 'nestjs-wechatpay';
import type { EmulatorOrder } from 'nestjs-wechatpay/emulator';

/** One way to close an order: a route of this application and the body to send there. */
export interface CloseChoice {
  readonly variant: string;
  readonly path: string;
  readonly body: object;
}

/**
 * The variants that can close an order. APIv2 sees the same orders as the direct and partner endpoints of APIv3, and the
 * Hong Kong endpoints the same as the global ones.
 *
 * @param order - the emulator's
 */
export function closeChoices(order: EmulatorOrder): readonly CloseChoice[] {
  switch (order.kind) {
    case 'basic':
      return order.sub_mchid === undefined ? directChoices(order) : partnerChoices(order, order.sub_mchid);
    case 'combine':
      return combineChoices(order);
    case 'repayment':
      return repaymentChoices(order);
    case 'overseas':
      return overseasChoices(order);
  }
}

function directChoices({ out_trade_no }: EmulatorOrder): CloseChoice[] {
  return [
    { variant: 'direct', path: '/orders/direct/close', body: { out_trade_no } satisfies DirectCloseRequest },
    { variant: 'v2', path: '/orders/v2/close', body: { out_trade_no } satisfies V2CloseRequest },
  ];
}

function partnerChoices({ out_trade_no }: EmulatorOrder, sub_mchid: string): CloseChoice[] {
  const v2: V2CloseRequest = { out_trade_no, sub_mch_id: sub_mchid };
  const v3: PartnerCloseRequest = { out_trade_no, sub_mchid };
  return [
    { variant: 'partner', path: '/orders/partner/close', body: v3 },
    { variant: 'v2', path: '/orders/v2/close', body: v2 },
  ];
}

function combineChoices(order: EmulatorOrder): CloseChoice[] {
  const body: CombineCloseRequest = {
    combine_out_trade_no: order.out_trade_no,
    combine_appid: order.details.appid ?? '',
    sub_orders: partsOf(order),
  };
  return [{ variant: 'combine', path: '/orders/combine/close', body }];
}

function repaymentChoices(order: EmulatorOrder): CloseChoice[] {
  const body: RepaymentCloseRequest = { combine_out_trade_no: order.out_trade_no, sub_orders: partsOf(order) };
  return [{ variant: 'repayment', path: '/orders/repayment/close', body }];
}

function partsOf({ sub_orders }: EmulatorOrder): RepaymentCloseRequest['sub_orders'] {
  return sub_orders.map(({ mchid, sub_mchid, out_trade_no }) => ({ mchid, sub_mchid, out_trade_no }));
}

function overseasChoices({ out_trade_no, transaction_id = '' }: EmulatorOrder): CloseChoice[] {
  const byNumber = { out_trade_no } satisfies GlobalCloseByOutTradeNoRequest & HkCloseByOutTradeNoRequest;
  const byId = { transaction_id } satisfies GlobalCloseByIdRequest & HkCloseByIdRequest;
  return [
    { variant: 'globalByOutTradeNo', path: '/orders/global/by-out-trade-no/close', body: byNumber },
    { variant: 'globalById', path: '/orders/global/by-id/close', body: byId },
    { variant: 'hkByOutTradeNo', path: '/orders/hk/by-out-trade-no/close', body: byNumber },
    { variant: 'hkById', path: '/orders/hk/by-id/close', body: byId },
  ];
}
