import { EmulatorControlError } from '../emulator-control.error.js';
import type { EmulatorMerchant } from '../merchants/emulator-merchant.js';
import type { MerchantBook } from '../merchants/merchant-book.js';

import type { OrderDetails, SubOrder } from './order-details.js';
import type {
  PlaceBasicOrder,
  PlaceCombineOrder,
  PlaceOrder,
  PlaceOverseasOrder,
  PlaceRepaymentOrder,
  PlaceSubOrder,
} from './place-order.js';
import { placeOrderSchema } from './place-order.schema.js';

/**
 * Checks a control call's order and fills in what it leaves out.
 *
 * @param input - a {@link PlaceOrder}, not yet checked
 * @param merchants - who may place
 * @param notifyUrl - where payments are notified unless the order says otherwise
 * @throws {@link EmulatorControlError} that says what is wrong
 */
export function orderDetails(input: unknown, merchants: MerchantBook, notifyUrl?: string): OrderDetails {
  const checked = placeOrderSchema.safeParse(input);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw new EmulatorControlError(`The order cannot be placed: ${field}${field && ': '}${issue?.message ?? 'bad'}.`);
  }
  const { data } = checked;
  const url = data.notify_url ?? notifyUrl;
  const api = 'notify_api' in data ? (data.notify_api ?? 'v3') : 'v3';
  const details = detailsOf(data, merchants);
  return url === undefined ? details : { ...details, notify: { url, api } };
}

function detailsOf(order: PlaceOrder, merchants: MerchantBook): OrderDetails {
  if (order.kind === 'combine' || order.kind === 'repayment') return combinedDetails(order, merchants);
  if (order.kind === 'overseas') return overseasDetails(order, merchants);
  return basicDetails(order, merchants);
}

function basicDetails(order: PlaceBasicOrder, merchants: MerchantBook): OrderDetails {
  const merchant = merchantOf(order.mchid, merchants);
  requireSubMerchant(merchant, order.sub_mchid);
  return {
    kind: 'basic',
    mchid: merchant.mchid,
    sub_mchid: order.sub_mchid,
    appid: order.appid ?? merchant.appid,
    sub_appid: order.sub_appid,
    out_trade_no: order.out_trade_no,
    trade_type: order.trade_type ?? 'NATIVE',
    total: order.total ?? 1,
    currency: order.currency ?? 'CNY',
    attach: order.attach,
    sub_orders: [],
  };
}

function overseasDetails(order: PlaceOverseasOrder, merchants: MerchantBook): OrderDetails {
  if (order.sp_mchid !== undefined && order.sub_mchid === undefined) {
    throw new EmulatorControlError('An order of an institution (sp_mchid) needs a sub_mchid.');
  }
  const merchant = merchantOf(order.sp_mchid ?? order.mchid, merchants);
  requireSubMerchant(merchant, order.sub_mchid);
  return {
    kind: 'overseas',
    mchid: merchant.mchid,
    sub_mchid: order.sub_mchid,
    appid: order.appid ?? merchant.appid,
    sub_appid: order.sub_appid,
    out_trade_no: order.out_trade_no,
    trade_type: 'NATIVE',
    total: order.total ?? 1,
    currency: order.currency ?? 'HKD',
    attach: order.attach,
    sub_orders: [],
  };
}

function combinedDetails(order: PlaceCombineOrder | PlaceRepaymentOrder, merchants: MerchantBook): OrderDetails {
  const merchant = merchantOf(order.combine_mchid, merchants);
  const sub_orders = order.sub_orders.map((subOrder) => subOrderDetails(subOrder, merchant));
  return {
    kind: order.kind,
    mchid: merchant.mchid,
    appid: order.kind === 'combine' ? (order.combine_appid ?? merchant.appid) : undefined,
    out_trade_no: order.combine_out_trade_no,
    trade_type: order.kind === 'combine' ? 'NATIVE' : 'REPAYMENT',
    total: sub_orders.reduce((sum, { total }) => sum + total, 0),
    currency: 'CNY',
    sub_orders,
  };
}

function subOrderDetails(order: PlaceSubOrder, merchant: EmulatorMerchant): SubOrder {
  return {
    mchid: order.mchid ?? merchant.mchid,
    sub_mchid: order.sub_mchid,
    sub_appid: order.sub_appid,
    out_trade_no: order.out_trade_no,
    total: order.total ?? 1,
    currency: order.currency ?? 'CNY',
    attach: order.attach,
  };
}

function merchantOf(mchid: string | undefined, merchants: MerchantBook): EmulatorMerchant {
  const merchant = mchid === undefined ? merchants.first : merchants.find(mchid);
  if (merchant === undefined) throw new EmulatorControlError(`The emulator has no merchant ${mchid}.`);
  return merchant;
}

function requireSubMerchant(merchant: EmulatorMerchant, subMchid: string | undefined): void {
  if (subMchid !== undefined && !merchant.subMchids.has(subMchid)) {
    throw new EmulatorControlError(`Merchant ${merchant.mchid} has no sub-merchant ${subMchid}.`);
  }
}
