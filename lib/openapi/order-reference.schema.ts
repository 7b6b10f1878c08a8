import { z } from 'zod';

/** {@link OrderReference} as JSON. */
export const orderReferenceSchema = z
  .object({
    mchid: z.string().optional().describe('商户号. The merchant that signed'),
    sub_mchid: z.string().optional().describe('子商户号'),
    out_trade_no: z.string().optional().describe('商户订单号'),
    combine_out_trade_no: z.string().optional().describe('合单商户订单号'),
    transaction_id: z.string().optional().describe('微信支付订单号'),
  })
  .describe("Which order is meant, in WeChat Pay's own names; empty where the request was too malformed to tell");
