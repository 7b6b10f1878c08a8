import type { OrderReference } from '../errors/order-reference.js';
import type { PaidTransaction } from '../errors/paid-transaction.js';
import type { V2Payment } from './v2/v2-payment.schema.js';
import type { CombineTransaction, DirectTransaction, PartnerTransaction } from './v3/transaction.schema.js';

/** What every proven payment tells. */
interface ProvenPaymentBase {
  /** Which order, as `ClosedOrder.order` names it: `mchid` is the merchant whose keys prove the payment. */
  readonly order: OrderReference;
  /** How it was paid. Of a combined order: its first part. */
  readonly transaction: PaidTransaction;
}

/** What an APIv3 notification tells besides. */
interface V3Envelope {
  /** The notification's own number. WeChat Pay keeps it when it sends the notification again. */
  readonly id: string;
}

/** An order of a direct merchant, in the mainland or overseas. */
export interface DirectPayment extends ProvenPaymentBase, V3Envelope {
  readonly kind: 'direct';
  /** WeChat Pay's words, decrypted. Fields that it adds one day are among them. */
  readonly resource: DirectTransaction;
}

/** An order that a service provider or an institution placed for a sub-merchant. */
export interface PartnerPayment extends ProvenPaymentBase, V3Envelope {
  readonly kind: 'partner';
  /** WeChat Pay's words, decrypted. Fields that it adds one day are among them. */
  readonly resource: PartnerTransaction;
}

/** A combined order: all parts are paid. */
export interface CombinePayment extends ProvenPaymentBase, V3Envelope {
  readonly kind: 'combine';
  /** WeChat Pay's words, decrypted. Fields that it adds one day are among them. */
  readonly resource: CombineTransaction;
}

/** An APIv2 order. */
export interface ApiV2Payment extends ProvenPaymentBase {
  readonly kind: 'v2';
  /** Every field that was signed. Amounts are texts, in fen. */
  readonly resource: V2Payment;
}

/** A payment that WeChat Pay's signature proves. */
export type ProvenPayment = DirectPayment | PartnerPayment | CombinePayment | ApiV2Payment;

/**
 * A payment that WeChat Pay tells of, proven by its signature. `switch` over `kind` and the compiler knows `resource`.
 *
 * It may come more than once, also after it was answered with success, and two of them at the same time: what you do with it
 * must do no harm the second time. Compare the amount with your own order's before you deliver.
 */
export type PaymentNotification = ProvenPayment & {
  /**
   * Whether your shop had closed this order before: then nobody delivers, and the money must go back, or the order be revived.
   * As your {@link ClosedOrderBook} says; `undefined` where there is none, or it does not know.
   */
  readonly ghost: boolean | undefined;
};
