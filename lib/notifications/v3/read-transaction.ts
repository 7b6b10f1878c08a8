import { NotificationRefusedError } from '../notification-refused.error.js';
import type { CombinePayment, DirectPayment, PartnerPayment } from '../payment-notification.js';
import { readStrictJson } from './strict-json.js';
import {
  combineTransactionSchema,
  directTransactionSchema,
  type Envelope,
  envelopeSchema,
  partnerTransactionSchema,
} from './transaction.schema.js';

/** A payment that an APIv3 notification tells of. */
export type V3Payment = DirectPayment | PartnerPayment | CombinePayment;

/**
 * Reads the outside of an APIv3 notification. Nothing is decrypted unless it says that a payment was made.
 *
 * @param body - bytes whose signature was verified
 * @throws {@link NotificationRefusedError} of reason `malformed` or `notPayment`
 */
export function readEnvelope(body: Uint8Array): Envelope {
  const content = readStrictJson(body);
  if (content === undefined) throw malformed('it is not a JSON object that says everything once.');
  const envelope = envelopeSchema.safeParse(content);
  if (!envelope.success) throw notPayment('it is signed, but is no notification of an event.');
  const { event_type, resource } = envelope.data;
  if (event_type !== 'TRANSACTION.SUCCESS') {
    throw notPayment(`it tells of ${event_type}; give other events than payments another notify_url.`);
  }
  if ((resource.original_type ?? 'transaction') !== 'transaction') {
    throw notPayment('what it encrypts is no transaction; give other events than payments another notify_url.');
  }
  return envelope.data;
}

/**
 * Reads what was decrypted.
 *
 * @param plain - bytes whose tag was right
 * @param id - of the notification
 * @throws {@link NotificationRefusedError} of reason `malformed` or `notPayment`
 */
export function readTransaction(plain: Uint8Array, id: string): V3Payment {
  const words = readStrictJson(plain);
  if (words === undefined) throw malformed('what it encrypts is not a JSON object that says everything once.');
  const payment = 'combine_out_trade_no' in words ? combined(words, id) : single(words, id);
  if (payment === undefined) throw malformed('what it encrypts is not a transaction as WeChat Pay describes it.');
  return payment;
}

function single(words: Record<string, unknown>, id: string): DirectPayment | PartnerPayment | undefined {
  if ('sp_mchid' in words) {
    const partner = partnerTransactionSchema.safeParse(words);
    if (!partner.success) return undefined;
    const { sp_mchid: mchid, sub_mchid, out_trade_no } = partner.data;
    const transaction = transactionOf(partner.data);
    const order = { mchid, sub_mchid, out_trade_no };
    return transaction && { kind: 'partner', id, order, transaction, resource: partner.data };
  }
  const direct = directTransactionSchema.safeParse(words);
  if (!direct.success) return undefined;
  const { mchid, out_trade_no } = direct.data;
  const transaction = transactionOf(direct.data);
  return transaction && { kind: 'direct', id, order: { mchid, out_trade_no }, transaction, resource: direct.data };
}

function combined(words: Record<string, unknown>, id: string): CombinePayment | undefined {
  const combine = combineTransactionSchema.safeParse(words);
  if (!combine.success) return undefined;
  const { combine_mchid: mchid, combine_out_trade_no, sub_orders } = combine.data;
  const [transaction] = sub_orders.map((part) => transactionOf(part));
  const order = { mchid, combine_out_trade_no };
  return transaction && { kind: 'combine', id, order, transaction, resource: combine.data };
}

interface Transaction {
  readonly transaction_id?: string | undefined;
  /** What overseas transactions call it. */
  readonly id?: unknown;
  readonly trade_state: string;
  readonly success_time?: string | undefined;
}

function transactionOf({ transaction_id, id, trade_state, success_time }: Transaction) {
  if (trade_state !== 'SUCCESS') throw notPayment('the order that it tells of is not paid.');
  const number = transaction_id ?? id;
  if (typeof number !== 'string') return undefined;
  return { state: trade_state, transaction_id: number, ...(success_time !== undefined && { success_time }) } as const;
}

function malformed(explanation: string): NotificationRefusedError {
  return new NotificationRefusedError('v3', 'malformed', explanation);
}

function notPayment(explanation: string): NotificationRefusedError {
  return new NotificationRefusedError('v3', 'notPayment', explanation);
}
