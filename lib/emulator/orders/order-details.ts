import type { NotifyTarget } from '../notifications/notify-target.js';

/**
 * What an order is placed as. `basic` orders are shared by APIv2 and the direct and partner endpoints of APIv3,
 * `overseas` ones by the hk and global endpoints; `combine` and `repayment` are placed, queried and closed as a whole.
 */
export type OrderKind = 'basic' | 'combine' | 'repayment' | 'overseas';

/** How the buyer pays: by scanning the code_url, by showing a payment code, or by the repayment product. */
export type TradeType = 'NATIVE' | 'MICROPAY' | 'REPAYMENT';

/** One order inside a combined order. */
export interface SubOrder {
  readonly mchid: string;
  readonly sub_mchid?: string | undefined;
  readonly sub_appid?: string | undefined;
  readonly out_trade_no: string;
  /** In the currency's smallest unit. */
  readonly total: number;
  readonly currency: string;
  readonly attach?: string | undefined;
}

/** What identifies an order among all others. */
export interface OrderIdentity {
  readonly kind: OrderKind;
  /** The merchant that signs: `mchid`, `sp_mchid`, `mch_id` or `combine_mchid`. */
  readonly mchid: string;
  readonly sub_mchid?: string | undefined;
  /** `out_trade_no`, or the `combine_out_trade_no` of a combined order. */
  readonly out_trade_no: string;
}

/** All that is fixed when an order is placed. */
export interface OrderDetails extends OrderIdentity {
  /** The signing merchant's appid: `appid`, `sp_appid` or `combine_appid`; a repayment order has none. */
  readonly appid?: string | undefined;
  readonly sub_appid?: string | undefined;
  readonly trade_type: TradeType;
  /** In the currency's smallest unit; of a combined order, the sum. */
  readonly total: number;
  readonly currency: string;
  readonly attach?: string | undefined;
  /** Where its payment is notified; absent for nowhere. */
  readonly notify?: NotifyTarget | undefined;
  /** Empty unless the order is a combined one. */
  readonly sub_orders: readonly SubOrder[];
}
