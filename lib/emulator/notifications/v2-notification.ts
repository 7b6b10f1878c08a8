import { encodeXml } from '../../api-v2/xml.codec.js';
import { randomAlphanumeric } from '../keys/random-text.js';
import type { EmulatorOrder } from '../orders/emulator-order.js';
import { BANK_TYPE, OPENID, beijingTime } from '../routes/transaction-facts.js';
import type { V2SignType } from '../signing/v2-sign.js';
import { v2Sign } from '../signing/v2-sign.js';

import type { NotificationChanges, NotificationFault, NotificationMessage } from './notification-changes.js';

/** What it takes to make an APIv2 notification. */
export interface V2Notification {
  readonly order: EmulatorOrder;
  readonly apiV2Key: string;
  readonly signType: V2SignType;
}

/**
 * Makes an APIv2 notification: XML with a `sign` over all its fields.
 *
 * @param notification - what to tell, and how it is signed
 * @param changes - what is different
 * @see https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=9_7
 */
export function v2Notification(notification: V2Notification, changes: NotificationChanges): NotificationMessage {
  const { fault, body = (text) => text, fields = (same) => same, headers = (same) => same } = changes;
  const told = Object.entries(fields(fieldsOf(notification.order)));
  const text = body(encodeXml([...told, ...signOf(told, notification, fault)]));
  const at = text.indexOf('<total_fee>') + '<total_fee><![CDATA['.length;
  const digit = text[at] === '9' ? '8' : '9';
  return {
    headers: headers([['Content-Type', 'text/xml; charset=utf-8']]),
    body: Buffer.from(fault === 'flippedBody' ? `${text.slice(0, at)}${digit}${text.slice(at + 1)}` : text),
  };
}

function fieldsOf({ details, paidAt = 0, transaction_id = '' }: EmulatorOrder): Record<string, string> {
  const { mchid, sub_mchid, appid = '', sub_appid, total, currency, out_trade_no, trade_type, attach } = details;
  return {
    return_code: 'SUCCESS',
    return_msg: 'OK',
    appid,
    mch_id: mchid,
    ...(sub_mchid !== undefined && { sub_mch_id: sub_mchid }),
    ...(sub_appid !== undefined && { sub_appid }),
    nonce_str: randomAlphanumeric(32),
    result_code: 'SUCCESS',
    openid: OPENID,
    is_subscribe: 'N',
    trade_type,
    bank_type: BANK_TYPE,
    total_fee: String(total),
    fee_type: currency,
    cash_fee: String(total),
    transaction_id,
    out_trade_no,
    ...(attach !== undefined && { attach }),
    time_end: beijingTime(paidAt).replace(/\D/g, ''),
  };
}

function signOf(
  told: readonly (readonly [string, string])[],
  { apiV2Key, signType }: V2Notification,
  fault: NotificationFault | undefined,
): [string, string][] {
  if (fault === 'unsigned') return [];
  const other = signType === 'MD5' ? 'HMAC-SHA256' : 'MD5';
  const key = fault === 'wrongKey' ? randomAlphanumeric(32) : apiV2Key;
  const sign = v2Sign(told, key, fault === 'otherSignType' ? other : signType);
  const last = sign.endsWith('0') ? '1' : '0';
  return [['sign', fault === 'wrongSignature' || fault === 'signTest' ? `${sign.slice(0, -1)}${last}` : sign]];
}
