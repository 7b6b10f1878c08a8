import { Inject, Injectable } from '@nestjs/common';

import { canonicalString } from '../../api-v2/canonical-string.js';
import { MalformedXmlError } from '../../api-v2/malformed-xml.error.js';
import { decodeXml } from '../../api-v2/xml.codec.js';
import { verdictOf } from '../../verifiers/ask-verifier.js';
import { ReplyMemory } from '../../verifiers/reply-memory.js';
import { VerifierRegistry } from '../../verifiers/verifier.registry.js';
import { MerchantFinder } from '../merchant.finder.js';
import { type NotificationRefusal, NotificationRefusedError } from '../notification-refused.error.js';
import type { ApiV2Payment } from '../payment-notification.js';
import type { NotificationContext } from '../received-notification.js';
import { v2PaymentSchema } from './v2-payment.schema.js';

type Fields = ReadonlyMap<string, string>;

/**
 * Reads APIv2 notifications. Such a notification carries no time, and WeChat Pay may repeat it to the letter, so one that was
 * seen before is believed again: it tells of the same payment.
 *
 * @see protocol §4.1; https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_7
 */
@Injectable()
export class V2NotificationReader {
  constructor(
    @Inject(MerchantFinder) private readonly merchants: MerchantFinder,
    @Inject(VerifierRegistry) private readonly verifiers: VerifierRegistry,
    @Inject(ReplyMemory) private readonly memory: ReplyMemory,
  ) {}

  /**
   * @param body - raw bytes
   * @param context - what the route knows
   * @throws {@link NotificationRefusedError}
   */
  async read(body: Uint8Array, context: NotificationContext): Promise<ApiV2Payment> {
    const fields = fieldsOf(body);
    if (fields.get('return_code') !== 'SUCCESS') throw refused('notPayment', 'return_code is not SUCCESS.');
    const mchid = fields.get('mch_id') ?? '';
    if (context.merchant !== undefined && context.merchant !== mchid) {
      throw refused('otherMerchant', 'it is for another merchant than the one that the route names.');
    }
    await this.#verify(fields, mchid);
    // A later reply with the same sign would be this notification, sent by somebody else.
    this.memory.isFreshUndated(mchid, fields.get('sign') ?? '');
    return paymentOf(fields);
  }

  async #verify(fields: Fields, mchid: string): Promise<void> {
    const signature = fields.get('sign') ?? '';
    if (signature === '') throw refused('unsigned', 'it carries no sign.');
    const { apiV2 } = await this.merchants.find(mchid, 'v2');
    if (apiV2 === undefined) {
      throw refused('notConfigured', `merchant ${mchid} has no apiV2.key, which verifies APIv2 notifications; add it.`);
    }
    const { key, signType } = apiV2;
    // What the order was placed with decides, and never the notification: it could name the weaker one.
    const hint = `It must be signed as apiV2.signType says, ${signType}: place orders with that sign_type, or change the option.`;
    if ((fields.get('sign_type') ?? signType) !== signType) {
      throw refused('signature', `it names another sign_type. ${hint}`);
    }
    const message = Buffer.from(canonicalString(fields));
    const verdict = await verdictOf(this.verifiers.find(signType), { message, signature, key });
    if (verdict === 'failed') throw refused('verifier', 'the verifier failed.');
    if (verdict === 'wrong') throw refused('signature', `its sign is wrong. ${hint}`);
  }
}

function fieldsOf(body: Uint8Array): Fields {
  try {
    return decodeXml(body);
  } catch (error) {
    if (error instanceof MalformedXmlError) throw refused('malformed', `it is not the XML of APIv2: ${error.message}.`);
    throw error;
  }
}

function paymentOf(fields: Fields): ApiV2Payment {
  if (fields.get('result_code') !== 'SUCCESS') throw refused('notPayment', 'result_code is not SUCCESS.');
  // Only the reply to a query has this field: signed, but not a notification.
  if (fields.has('trade_state')) throw refused('notPayment', 'it is the reply to a query.');
  const words = Object.fromEntries([...fields].filter(([name, value]) => name !== 'sign' && value !== ''));
  const payment = v2PaymentSchema.safeParse(words);
  if (!payment.success) throw refused('notPayment', 'it is signed, but does not tell of a payment.');
  const { mch_id: mchid, sub_mch_id: sub_mchid, out_trade_no, transaction_id, time_end } = payment.data;
  return {
    kind: 'v2',
    order: { mchid, ...(sub_mchid !== undefined && { sub_mchid }), out_trade_no },
    transaction: { state: 'SUCCESS', transaction_id, success_time: time_end },
    resource: payment.data,
  };
}

function refused(reason: NotificationRefusal, explanation: string): NotificationRefusedError {
  return new NotificationRefusedError('v2', reason, explanation);
}
