import { DEFAULT_MERCHANT, type PlaceOrder } from 'nestjs-wechatpay/emulator';
import { z } from 'zod';

/** What `POST /shop/orders` takes. */
export const placeRequestSchema = z.strictObject({
  kind: z.enum(['basic', 'partner', 'combine', 'repayment', 'overseas', 'payment-code']),
  closeAfterSeconds: z
    .int()
    .min(1)
    .max(604_800)
    .default(60)
    .describe('After how many seconds the order closes itself, unless it is paid'),
});

/** A body of `POST /shop/orders`. */
export type PlaceRequest = z.output<typeof placeRequestSchema>;

const sub_mchid = DEFAULT_MERCHANT.subMchids?.[0];

/**
 * An order as the emulator takes it.
 *
 * @param kind - what to buy
 * @param number - the merchant's number for it
 */
export function orderOfKind(kind: PlaceRequest['kind'], number: string): PlaceOrder {
  const parts = [
    { out_trade_no: `${number}-1`, sub_mchid, total: 1_200 },
    { out_trade_no: `${number}-2`, sub_mchid, total: 2_800 },
  ];
  switch (kind) {
    case 'basic':
      return { out_trade_no: number, total: 4_000 };
    case 'partner':
      return { out_trade_no: number, total: 4_000, sub_mchid };
    case 'combine':
      return { kind, combine_out_trade_no: number, sub_orders: parts };
    case 'repayment':
      return { kind, combine_out_trade_no: number, sub_orders: parts };
    case 'overseas':
      return { kind, out_trade_no: number, total: 4_000 };
    case 'payment-code':
      return { out_trade_no: number, total: 4_000, trade_type: 'MICROPAY' };
  }
}
