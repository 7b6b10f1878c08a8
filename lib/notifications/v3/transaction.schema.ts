import { z } from 'zod';

import { combineOutTradeNo as orderNumber, mchid, text, transactionId } from '../../close-order/wire-fields.js';

const words = z.string().max(4_096);
const money = z.int().min(0);

const amount = z.looseObject({
  total: money,
  payer_total: money.optional(),
  currency: words.optional(),
  payer_currency: words.optional(),
});

const facts = {
  out_trade_no: orderNumber,
  /** WeChat Pay's number of the payment; overseas it may be called `id`. */
  transaction_id: transactionId.optional(),
  id: transactionId.optional(),
  trade_type: words.optional(),
  trade_state: words,
  trade_state_desc: words.optional(),
  bank_type: words.optional(),
  attach: words.optional(),
  success_time: words.optional(),
  payer: z.looseObject({}).optional(),
  amount,
};

const direct = z.looseObject({ ...facts, mchid, appid: words.optional() });

const partner = z.looseObject({
  ...facts,
  sp_mchid: mchid,
  sub_mchid: mchid,
  sp_appid: words.optional(),
  sub_appid: words.optional(),
});

const part = z.looseObject({
  mchid,
  sub_mchid: mchid.optional(),
  out_trade_no: orderNumber,
  transaction_id: transactionId,
  trade_state: words,
  trade_type: words.optional(),
  bank_type: words.optional(),
  attach: words.optional(),
  success_time: words.optional(),
  amount: z.looseObject({ total_amount: money, payer_amount: money.optional(), currency: words.optional() }),
});

const combine = z.looseObject({
  combine_mchid: mchid,
  combine_appid: words.optional(),
  combine_out_trade_no: orderNumber,
  sub_orders: z.array(part).min(1).max(50),
});

/** What is decrypted from the notification of a direct merchant's payment. */
export const directTransactionSchema = direct;
/** What is decrypted from the notification of a sub-merchant's payment. */
export const partnerTransactionSchema = partner;
/** What is decrypted from the notification of a combined order's payment. */
export const combineTransactionSchema = combine;

/** What is decrypted from the notification of a direct merchant's payment. */
export type DirectTransaction = z.infer<typeof direct>;
/** What is decrypted from the notification of a sub-merchant's payment. */
export type PartnerTransaction = z.infer<typeof partner>;
/** What is decrypted from the notification of a combined order's payment. */
export type CombineTransaction = z.infer<typeof combine>;

/** The outside of an APIv3 notification. */
export const envelopeSchema = z.looseObject({
  id: text(/^[!-~]{1,64}$/, 'must be 1 to 64 characters'),
  event_type: text(/^[A-Z_.]{1,64}$/, 'must name an event'),
  resource_type: z.literal('encrypt-resource'),
  resource: z.looseObject({
    original_type: z.string().optional(),
    algorithm: z.string(),
    ciphertext: z.string(),
    associated_data: z.string().optional(),
    nonce: z.string(),
  }),
});

/** The outside of an APIv3 notification. */
export type Envelope = z.infer<typeof envelopeSchema>;
