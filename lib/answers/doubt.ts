/**
 * How far an attempt got before it became doubtful.
 *
 * - `notSent`: WeChat Pay cannot have seen the request.
 * - `sent`: it may have; nothing came back.
 * - `headers`, `body`: the reply broke off there.
 * - `verify`: a reply came and cannot be believed, or says nothing definite.
 */
export type DoubtPhase = 'notSent' | 'sent' | 'headers' | 'body' | 'verify';

/**
 * What went wrong.
 *
 * - `connect`, `tls`, `reset`, `timeout`, `protocol`: the network, before or during the reply.
 * - `proxy`: the configured proxy refuses to connect; `overloaded`: too many requests wait for this host already.
 * - `tooLarge`, `encoding`, `redirect`, `shape`: a reply that the protocol does not allow.
 * - `unsigned`, `header`, `time`, `serial`, `signature`, `identity`, `replay`: a reply that is not proven to be WeChat Pay's.
 * - `serverError`, `rateLimited`, `tradeState`, `unconfirmed`: WeChat Pay answered, and the answer leaves the order's state open.
 * - `merchant`: the merchant source gave no merchant that can sign.
 * - `certificates`: there are no platform certificates to verify a reply with, so nothing was sent.
 * - `signer`, `verifier`, `interceptor`: code of the application failed.
 * - `shutdown`: the application was closed meanwhile.
 * - `internal`: something that should not happen; please report it.
 */
export type DoubtReason =
  | 'connect'
  | 'tls'
  | 'reset'
  | 'timeout'
  | 'protocol'
  | 'proxy'
  | 'overloaded'
  | 'tooLarge'
  | 'encoding'
  | 'redirect'
  | 'shape'
  | 'unsigned'
  | 'header'
  | 'time'
  | 'serial'
  | 'signature'
  | 'identity'
  | 'serverError'
  | 'rateLimited'
  | 'tradeState'
  | 'unconfirmed'
  | 'replay'
  | 'merchant'
  | 'certificates'
  | 'signer'
  | 'verifier'
  | 'interceptor'
  | 'shutdown'
  | 'internal';

/** Why an attempt proves nothing. */
export interface Doubt {
  readonly phase: DoubtPhase;
  readonly reason: DoubtReason;
  /** One sentence for a person. It holds nothing secret. */
  readonly explanation: string;
}
