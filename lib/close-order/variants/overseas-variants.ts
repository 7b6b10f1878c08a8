import type { z } from 'zod';

import type { HostRole } from '../../transport/transport-settings.js';
import type { ApiV3CloseVariant } from '../close-variant.js';
import { queryString } from '../order-query.js';
import { overseasOutTradeNo, transactionId } from '../wire-fields.js';
import { fillOverseas, overseasBody, overseasForms, overseasSigner } from './overseas-forms.js';

/** How an overseas order is closed by WeChat Pay's own number. */
export const byId = overseasForms({
  /** WeChat Pay's own order number: 1 to 32 letters or digits. */
  transaction_id: transactionId,
});

/** How an overseas order is closed by the merchant's number. */
export const byOutTradeNo = overseasForms({
  /** The merchant's own order number: 1 to 32 letters, digits, `_`, `-`, `|` or `*`. */
  out_trade_no: overseasOutTradeNo,
});

/** A close by `transaction_id`. */
export type OverseasByIdVariant = ApiV3CloseVariant<z.infer<typeof byId.request>, z.infer<typeof byId.complete>>;

/** A close by `out_trade_no`. */
export type OverseasByOutTradeNoVariant = ApiV3CloseVariant<
  z.infer<typeof byOutTradeNo.request>,
  z.infer<typeof byOutTradeNo.complete>
>;

const common = {
  minimumAge: { ms: 5 * 60_000, isBinding: false },
  merchantNumber: overseasSigner,
  fill: fillOverseas,
  body: overseasBody,
};

/**
 * Makes a variant that closes by `transaction_id`.
 *
 * @param name - of the variant
 * @param host - that serves it
 * @param prefix - of the path
 */
export function overseasByIdVariant(name: string, host: HostRole, prefix: string): OverseasByIdVariant {
  return {
    api: 'v3',
    name,
    host,
    ...byId,
    ...common,
    order: ({ sub_mchid, transaction_id }) => ({ ...(sub_mchid !== undefined && { sub_mchid }), transaction_id }),
    path: ({ transaction_id }) => `${prefix}/id/${encodeURIComponent(transaction_id)}/close`,
    query: {
      target: (request) =>
        `${prefix}/id/${encodeURIComponent(request.transaction_id)}?${queryString(overseasBody(request))}`,
      // The documents call WeChat Pay's own number `id`; a payment carries it as `transaction_id`.
      number: ({ transaction_id }) => [['id', 'transaction_id'], transaction_id],
      parties: overseasBody,
    },
  };
}

/**
 * Makes a variant that closes by `out_trade_no`.
 *
 * @param name - of the variant
 * @param host - that serves it
 * @param prefix - of the path
 */
export function overseasByOutTradeNoVariant(name: string, host: HostRole, prefix: string): OverseasByOutTradeNoVariant {
  return {
    api: 'v3',
    name,
    host,
    ...byOutTradeNo,
    ...common,
    order: ({ sub_mchid, out_trade_no }) => ({ ...(sub_mchid !== undefined && { sub_mchid }), out_trade_no }),
    path: ({ out_trade_no }) => `${prefix}/out-trade-no/${encodeURIComponent(out_trade_no)}/close`,
    query: {
      target: (request) =>
        `${prefix}/out-trade-no/${encodeURIComponent(request.out_trade_no)}?${queryString(overseasBody(request))}`,
      number: ({ out_trade_no }) => [['out_trade_no'], out_trade_no],
      parties: overseasBody,
    },
  };
}
