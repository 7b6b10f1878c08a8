import { whileOf } from './formats.js';
import { OUTCOMES } from './words.js';

/**
 * What a line of a timeline says.
 *
 * @typedef {object} Line
 * @property {string} who whose doing it is
 * @property {string} title
 * @property {string} chinese
 * @property {string} tone
 * @property {string} [note]
 * @property {string} [code] in fixed width
 * @property {Array<{ tone: string, text: string }>} [proofs]
 */

const CHANGES = {
  NOTPAY: { who: 'Shop', title: 'Order placed', chinese: '下单', tone: 'plain' },
  USERPAYING: { who: 'Buyer', title: 'Begins to pay', chinese: '支付中', tone: 'doubt' },
  SUCCESS: { who: 'Buyer', title: 'Pays', chinese: '支付', tone: 'paid' },
  REFUND: { who: 'Shop', title: 'Refunds', chinese: '退款', tone: 'paid' },
  CLOSED: { who: 'WeChat Pay', title: 'The order is closed there', chinese: '已关闭', tone: 'good' },
};

const SETTLED = {
  CLOSED: { note: 'Its handler was told: closed. The stock can be released.', tone: 'good' },
  PAID: { note: 'Its handler was told: paid. The order is to be fulfilled.', tone: 'paid' },
  NOT_FOUND: { note: 'Its handler was told: WeChat Pay has no such order.', tone: 'plain' },
  GIVEN_UP: { note: 'Its handler was told: given up. A person must look.', tone: 'bad' },
};

const WRITERS = {
  change: ({ state }) => CHANGES[state],
  call: ({ operation, variant }) =>
    operation === 'settle'
      ? { who: 'Shop', title: `Time is up: closes itself, ${variant}`, chinese: '自动关单', tone: 'plain' }
      : { who: 'Shop', title: `Closes by hand, ${variant}`, chinese: '手动关单', tone: 'plain' },
  attempt,
  outcome,
  settled: ({ state }) => ({ who: 'Shop', title: 'Settled', chinese: '已处理', ...SETTLED[state] }),
  notified: ({ ghost }) =>
    ghost
      ? {
          who: 'Shop',
          title: 'Ghost payment',
          chinese: '幽灵支付',
          tone: 'bad',
          note: 'Paid after the shop had closed it: nobody will deliver, so the money must go back.',
          proofs: [{ tone: 'good', text: '✓ Notification’s signature verified' }],
        }
      : {
          who: 'Shop',
          title: 'Hears of the payment',
          chinese: '支付通知',
          tone: 'paid',
          note: 'WeChat Pay’s signed notification says that it was paid: fulfil it.',
          proofs: [{ tone: 'good', text: '✓ Notification’s signature verified' }],
        },
  dropped: () => ({
    who: 'Shop',
    title: 'Closed in the shop’s book alone',
    chinese: '仅本店作废',
    tone: 'doubt',
    note: 'WeChat Pay was never asked, so the buyer can still pay.',
  }),
};

/**
 * Puts an entry in words.
 *
 * @returns {Line}
 */
export function lineOf(entry) {
  return WRITERS[entry.kind](entry);
}

/** An end of a call, in one sentence. */
export function sentenceOf({ outcome: name, confirmedBy, alreadyClosed, message }) {
  if (name !== 'closed') return message ?? 'WeChat Pay’s signed word says that it was paid. Fulfil it or refund it.';
  if (alreadyClosed) return 'WeChat Pay’s signed word says that it had been closed before.';
  return confirmedBy === 'query'
    ? 'Confirmed by a signed query: nobody can pay it any more.'
    : 'Proven by the signed reply: nobody can pay it any more.';
}

function attempt({ operation, method, target, end }) {
  const [title, words] = operation === 'close' ? ['Close sent', '关单请求'] : ['Asks what became of it', '查单'];
  const line = { who: 'Library', title, chinese: words, code: `${method} ${target}` };
  if (end === undefined) return { ...line, tone: 'busy', note: 'Waiting for the answer…' };
  return { ...line, tone: toneOf(end), proofs: proofsOf(end) };
}

function toneOf({ kind, status }) {
  if (kind === 'verified') return status < 400 ? 'good' : 'doubt';
  return kind === 'unverified' ? 'bad' : 'doubt';
}

function proofsOf({ kind, status, code, reason, tookMs }) {
  const took = { tone: 'plain', text: whileOf(tookMs) };
  const said = { tone: 'plain', text: [`HTTP ${status}`, code].filter(Boolean).join(' ') };
  switch (kind) {
    case 'verified':
      return [said, { tone: 'good', text: '✓ Signature verified' }, took];
    case 'unverified':
      return [said, { tone: 'bad', text: `✗ Not believed: ${reason}` }, took];
    case 'silent':
      return [{ tone: 'doubt', text: `No answer: ${reason}` }, took];
    default:
      return [{ tone: 'plain', text: 'Nobody waited any longer' }, took];
  }
}

function outcome(entry) {
  const { name, chinese, tone } = OUTCOMES[entry.outcome];
  return { who: 'Library', title: name, chinese, tone, note: sentenceOf(entry), isEnd: true };
}
