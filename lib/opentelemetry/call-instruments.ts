import { counter, Instruments } from './instruments.js';

/** The metrics of calls. */
export function callInstruments() {
  return new Instruments((meter, seconds) => ({
    durations: {
      close: seconds('wechatpay.close.duration', 'Duration of closes, retries and queries included.'),
      query: seconds('wechatpay.query.duration', 'Duration of queries, retries included.'),
      settle: seconds('wechatpay.settle.duration', 'Duration of settlements, pauses included.'),
    },
    outcomes: counter(meter, 'wechatpay.outcomes', 'call', 'Calls by what they came to.'),
    retries: counter(meter, 'wechatpay.retries', 'attempt', 'Attempts that repeat the one before.'),
    verificationFailures: counter(
      meter,
      'wechatpay.verification.failures',
      'reply',
      'Replies whose origin is not proven by a signature.',
    ),
    requests: seconds('http.client.request.duration', 'Duration of HTTP client requests.'),
  }));
}
