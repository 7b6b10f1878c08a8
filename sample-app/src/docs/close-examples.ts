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

const out_trade_no = '20261122000001';
const transaction_id = '4200000123202611220123456789';
const mchid = '1900000109';
const sub_mchid = '1230000109';

/** A request of each variant, for the documentation. */
export const EXAMPLES = {
  v2: { out_trade_no } satisfies V2CloseRequest,
  direct: { out_trade_no } satisfies DirectCloseRequest,
  partner: { out_trade_no, sub_mchid } satisfies PartnerCloseRequest,
  combine: {
    combine_out_trade_no: out_trade_no,
    combine_appid: 'wx8888888888888888',
    sub_orders: [
      { mchid, sub_mchid, out_trade_no: `${out_trade_no}-1` },
      { mchid, sub_mchid, out_trade_no: `${out_trade_no}-2` },
    ],
  } satisfies CombineCloseRequest,
  repayment: {
    combine_out_trade_no: out_trade_no,
    sub_orders: [{ mchid, sub_mchid, out_trade_no: `${out_trade_no}-1` }],
  } satisfies RepaymentCloseRequest,
  hkById: { transaction_id } satisfies HkCloseByIdRequest,
  hkByOutTradeNo: { out_trade_no } satisfies HkCloseByOutTradeNoRequest,
  globalById: { transaction_id } satisfies GlobalCloseByIdRequest,
  globalByOutTradeNo: { out_trade_no } satisfies GlobalCloseByOutTradeNoRequest,
};
