import { generateKeyPairSync } from 'node:crypto';

/**
 * @import { EmulatorExchange, EmulatorReply, RewrittenReply } from 'nestjs-wechatpay/emulator'
 *
 * @typedef {object} Meeting What a fault knows of the reply that it meets.
 * @property {EmulatorReply} reply
 * @property {EmulatorExchange['sign']} sign
 * @property {boolean} isV2
 * @property {EmulatorReply | undefined} recorded A reply to another order that was believed, if there is one.
 *
 * @typedef {(meeting: Meeting) => RewrittenReply | Promise<RewrittenReply>} Fault
 */

const { privateKey: STRANGER } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const HOUR_S = 3_600;
const OVERSIZE = Buffer.alloc(70_000, ' ');

const xml = (/** @type {Record<string, string>} */ fields) =>
  Buffer.from(
    `<xml>${Object.entries(fields)
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join('')}</xml>`,
  );

const v2Failure = (/** @type {Meeting} */ { reply, sign }, /** @type {string} */ code) =>
  sign({ ...reply, body: xml({ return_code: 'SUCCESS', result_code: 'FAIL', err_code: code }) });

const v3Answer = (/** @type {Meeting} */ { reply, sign }, /** @type {number} */ status, /** @type {string} */ code) =>
  sign({ ...reply, status, body: Buffer.from(JSON.stringify({ code, message: code })) });

/** How long a late reply waits: longer than an attempt may take. */
export const LATE_MS = 1_100;

/**
 * Every fault by name, with its share among the faults.
 *
 * @type {readonly (readonly [name: string, weight: number, fault: Fault])[]}
 */
export const FAULTS = [
  ['dropped', 3, () => 'drop'],
  [
    'stripped of its signature',
    2,
    ({ reply, isV2 }) =>
      isV2
        ? { ...reply, body: Buffer.from(reply.body.toString().replace(/<sign>.*<\/sign>/, '')) }
        : { ...reply, headers: reply.headers.filter(([name]) => !/^wechatpay-/i.test(name)) },
  ],
  ['signed by a stranger', 2, ({ reply, sign }) => sign(reply, { privateKey: STRANGER, key: 'x'.repeat(32) })],
  [
    'stale timestamp; v2: other algorithm',
    2,
    ({ reply, sign }) => sign(reply, { timestamp: Math.floor(Date.now() / 1_000) - HOUR_S, signType: 'MD5' }),
  ],
  [
    'unknown serial; v2: other merchant',
    2,
    ({ reply, sign, isV2 }) => {
      if (!isV2) return sign(reply, { serial: '7'.repeat(40) });
      const body = reply.body.toString().replace(/(<mch_id>).*?(<\/mch_id>)/, '$1<![CDATA[1900000110]]>$2');
      return sign({ ...reply, body: Buffer.from(body) });
    },
  ],
  [
    '500 SYSTEM_ERROR',
    3,
    (meeting) => (meeting.isV2 ? v2Failure(meeting, 'SYSTEMERROR') : v3Answer(meeting, 500, 'SYSTEM_ERROR')),
  ],
  [
    '202 USER_PAYING',
    1,
    (meeting) => (meeting.isV2 ? v2Failure(meeting, 'USERPAYING') : v3Answer(meeting, 202, 'USER_PAYING')),
  ],
  [
    '502 in HTML',
    2,
    () => ({
      status: 502,
      headers: [['Content-Type', 'text/html']],
      body: Buffer.from('<html><body><h1>502 Bad Gateway</h1></body></html>'),
    }),
  ],
  ['gzip header', 1, ({ reply }) => ({ ...reply, headers: [...reply.headers, ['Content-Encoding', 'gzip']] })],
  [
    'body of 70 kB',
    1,
    // A 204 has no body on the wire.
    ({ reply }) => ({ ...reply, status: 200, body: Buffer.concat([reply.body, OVERSIZE]) }),
  ],
  [
    'cut XML or JSON',
    1,
    ({ reply, sign, isV2 }) => {
      if (isV2) return { ...reply, body: reply.body.subarray(0, reply.body.length / 2) };
      const whole = reply.body.length > 0 ? reply.body : Buffer.from('{"code":"ORDER_CLOSED"}');
      return sign({ ...reply, status: 200, body: whole.subarray(0, whole.length / 2) });
    },
  ],
  [
    'doubled header',
    2,
    ({ reply, isV2 }) => {
      const [name, value] = isV2
        ? ['Content-Length', String(reply.body.length)]
        : (reply.headers.find(([candidate]) => candidate === 'Wechatpay-Nonce') ?? ['Wechatpay-Nonce', 'x']);
      const own = reply.headers.filter(([candidate]) => candidate !== name);
      return { ...reply, headers: [...own, [name, value], [name, value]] };
    },
  ],
  ["another order's reply again", 2, ({ recorded }) => recorded ?? 'drop'],
  ['late', 0.1, () => new Promise((resolve) => setTimeout(resolve, LATE_MS))],
];

/**
 * One of the faults.
 *
 * @param {number} luck - from 0 to below 1
 */
export function pickFault(luck) {
  let rest = luck * FAULTS.reduce((sum, [, weight]) => sum + weight, 0);
  return FAULTS.find(([, weight]) => (rest -= weight) < 0) ?? FAULTS[0];
}
