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
  /** WeChat Pay's endpoint behind it, as a path template. */
  readonly endpoint: string;
  readonly body: object;
}

const ENDPOINTS = {
  direct: '/v3/pay/transactions/out-trade-no/{out_trade_no}/close',
  v2: '/pay/closeorder',
  partner: '/v3/pay/partner/transactions/out-trade-no/{out_trade_no}/close',
  combine: '/v3/combine-transactions/out-trade-no/{combine_out_trade_no}/close',
  repayment: '/v3/repayment/combine-transactions/partner/out-trade-no/{combine_out_trade_no}/close',
  globalByOutTradeNo: '/v3/global/transactions/out-trade-no/{out_trade_no}/close',
  globalById: '/v3/global/transactions/id/{transaction_id}/close',
  hkByOutTradeNo: '/hk/v3/transactions/out-trade-no/{out_trade_no}/close',
  hkById: '/hk/v3/transactions/id/{transaction_id}/close',
} as const;

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
    choice('direct', '/orders/direct/close', { out_trade_no } satisfies DirectCloseRequest),
    choice('v2', '/orders/v2/close', { out_trade_no } satisfies V2CloseRequest),
  ];
}

function partnerChoices({ out_trade_no }: EmulatorOrder, sub_mchid: string): CloseChoice[] {
  const v2: V2CloseRequest = { out_trade_no, sub_mch_id: sub_mchid };
  const v3: PartnerCloseRequest = { out_trade_no, sub_mchid };
  return [choice('partner', '/orders/partner/close', v3), choice('v2', '/orders/v2/close', v2)];
}

function combineChoices(order: EmulatorOrder): CloseChoice[] {
  const body: CombineCloseRequest = {
    combine_out_trade_no: order.out_trade_no,
    combine_appid: order.details.appid ?? '',
    sub_orders: partsOf(order),
  };
  return [choice('combine', '/orders/combine/close', body)];
}

function repaymentChoices(order: EmulatorOrder): CloseChoice[] {
  const body: RepaymentCloseRequest = { combine_out_trade_no: order.out_trade_no, sub_orders: partsOf(order) };
  return [choice('repayment', '/orders/repayment/close', body)];
}

function partsOf({ sub_orders }: EmulatorOrder): RepaymentCloseRequest['sub_orders'] {
  return sub_orders.map(({ mchid, sub_mchid, out_trade_no }) => ({ mchid, sub_mchid, out_trade_no }));
}

function overseasChoices({ out_trade_no, transaction_id = '' }: EmulatorOrder): CloseChoice[] {
  const byNumber = { out_trade_no } satisfies GlobalCloseByOutTradeNoRequest & HkCloseByOutTradeNoRequest;
  const byId = { transaction_id } satisfies GlobalCloseByIdRequest & HkCloseByIdRequest;
  return [
    choice('globalByOutTradeNo', '/orders/global/by-out-trade-no/close', byNumber),
    choice('globalById', '/orders/global/by-id/close', byId),
    choice('hkByOutTradeNo', '/orders/hk/by-out-trade-no/close', byNumber),
    choice('hkById', '/orders/hk/by-id/close', byId),
  ];
}

function choice(variant: keyof typeof ENDPOINTS, path: string, body: object): CloseChoice {
  return { variant, path, endpoint: ENDPOINTS[variant], body };
}
