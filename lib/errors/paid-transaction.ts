/** How an order was paid, from a signed query. */
export interface PaidTransaction {
  readonly state: 'SUCCESS' | 'REFUND';
  /** WeChat Pay's number of the payment. Of a combined order: of its first part. */
  readonly transaction_id?: string;
  /** When it was paid, as sent: RFC 3339 in APIv3, `yyyyMMddHHmmss` of Beijing's clocks in APIv2. */
  readonly success_time?: string;
}
