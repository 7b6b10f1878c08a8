/** Which requests a fault applies to. What is left out does not matter; nothing at all means every request. */
export interface FaultWhen {
  /**
   * What the request's path begins with, or the path template of its endpoint, such as
   * `/v3/pay/transactions/out-trade-no/{out_trade_no}/close`.
   */
  readonly path?: string | undefined;
  /** The `out_trade_no` or `combine_out_trade_no` that the request names, in path, query or body. */
  readonly out_trade_no?: string | undefined;
  /**
   * How often it applies before it is used up: 1 or more.
   *
   * @default without limit
   */
  readonly times?: number | undefined;
  /**
   * How many matching requests to let pass first.
   *
   * @default 0
   */
  readonly after?: number | undefined;
  /**
   * How likely it applies to a matching request, from 0 to 1. The generator is seeded, see {@link EmulatorFaults.seed}.
   *
   * @default 1
   */
  readonly probability?: number | undefined;
}

/** What all faults have. */
export interface AnyFault<Kind extends string> {
  /** What goes wrong. */
  readonly kind: Kind;
  /** Which requests it applies to; all of them by default. */
  readonly when?: FaultWhen | undefined;
}

/** The connection closes before the request is processed: the order is untouched. */
export type RefuseFault = AnyFault<'refuse'>;

/** The connection is reset (TCP RST). */
export interface ResetFault extends AnyFault<'reset'> {
  /**
   * When: `beforeProcessing`, so that the order is untouched; or after the order changed, before the first byte of the
   * reply, amid its headers or amid its body.
   */
  readonly at: 'beforeProcessing' | 'beforeHeaders' | 'insideHeaders' | 'insideBody';
}

/** The reply stops for a while, after the order changed. */
export interface StallFault extends AnyFault<'stall'> {
  /** Before the headers, or between headers and body. */
  readonly at: 'headers' | 'body';
  /**
   * For how many milliseconds; the rest follows then.
   *
   * @default until the client leaves
   */
  readonly ms?: number | undefined;
}

/** The whole reply comes one byte at a time, after the order changed. */
export interface DripFault extends AnyFault<'drip'> {
  /** Milliseconds between two bytes. */
  readonly ms: number;
}

/** Bytes that are not HTTP come in place of the reply, after the order changed. */
export interface GarbageFault extends AnyFault<'garbage'> {
  /**
   * The bytes, as UTF-8 text.
   *
   * @default some bytes of a TLS handshake
   */
  readonly text?: string | undefined;
}

/** The body ends early: `Content-Length` is right, but the connection closes before all is sent. */
export interface TruncateFault extends AnyFault<'truncate'> {
  /**
   * How many bytes are kept back, at most the whole body.
   *
   * @default half of the body
   */
  readonly bytes?: number | undefined;
}

/** `Content-Length` is wrong, but the whole body is sent before the connection closes. */
export interface ContentLengthFault extends AnyFault<'contentLength'> {
  /** What is added to the true length; the sum is at least 0. Not 0. */
  readonly off: number;
}

/**
 * Faults of the connection. Of those that match a request, the first one applies. A reply without a body, where the
 * fault is about the body, becomes a signed 200 with the body `{}`.
 */
export type ConnectionFault =
  RefuseFault | ResetFault | StallFault | DripFault | GarbageFault | TruncateFault | ContentLengthFault;

/** What faults have that put another answer in the place of the right one. */
export interface ReplacingFault<Kind extends string> extends AnyFault<Kind> {
  /**
   * Whether the request is processed first, so that an order is closed whatever the reply says.
   *
   * @default true; false for `throttle`
   */
  readonly processed?: boolean | undefined;
}

/** The reply comes late, after the order changed. */
export interface DelayFault extends AnyFault<'delay'> {
  /** Milliseconds. */
  readonly ms: number;
}

/** Another HTTP status on the same reply; body and signature stay. */
export interface StatusFault extends ReplacingFault<'status'> {
  /** 200 to 599. */
  readonly status: number;
}

/** An unsigned HTML page, as a gateway sends it. */
export interface HtmlFault extends ReplacingFault<'html'> {
  /**
   * 200 to 599, but not 204 or 304, which have no body.
   *
   * @default 502
   */
  readonly status?: number | undefined;
  /**
   * The page.
   *
   * @default one that says the status
   */
  readonly page?: string | undefined;
}

/** An unsigned redirect without a body. */
export interface RedirectFault extends ReplacingFault<'redirect'> {
  /** @default 302 */
  readonly status?: 301 | 302 | 303 | 307 | 308 | undefined;
  /** `Location`, in printable ASCII. */
  readonly location: string;
}

/** The reply has no signature: no `Wechatpay-*` header on APIv3, no `sign` on APIv2. */
export type UnsignedFault = AnyFault<'unsigned'>;

/** The signature is well-formed, but not that of the reply. */
export type WrongSignatureFault = AnyFault<'wrongSignature'>;

/** `Wechatpay-Signature` begins with `WECHATPAY/SIGNTEST/`, as WeChat Pay probes its clients. APIv3 only. */
export type SignTestFault = AnyFault<'signTest'>;

/** An earlier signed reply is sent again, to the letter. If there is none, the reply stays as it is. */
export interface ReplayFault extends AnyFault<'replay'> {
  /**
   * The request whose reply it is: its id in {@link WechatPayEmulator.requests}.
   *
   * @default the latest request that was verified and got a reply
   */
  readonly request?: number | undefined;
}

/** `Wechatpay-Timestamp` is off, and signed so. APIv3 only. */
export interface StaleFault extends AnyFault<'stale'> {
  /** Seconds that are added; below 0 for the past. */
  readonly offsetSeconds: number;
}

/** A header of the reply is wrong. Those that the reply does not have are left alone. */
export interface HeaderFault extends AnyFault<'header'> {
  /** The header's name, in any case. `Content-Length` has a fault of its own. */
  readonly name: string;
  /** Left out, without a value, or there twice. */
  readonly make: 'missing' | 'empty' | 'doubled';
}

/** `Wechatpay-Serial` names a key that nobody knows. APIv3 only. */
export type UnknownSerialFault = AnyFault<'unknownSerial'>;

/** The body is compressed with gzip and `Content-Encoding` says so. The signature is that of the plain body. */
export type CompressFault = AnyFault<'compress'>;

/** The body is filled up with spaces; on APIv3 they are signed. A 204 becomes a 200. */
export interface OversizeFault extends AnyFault<'oversize'> {
  /** Length of the body, at most 67,108,864. */
  readonly bytes: number;
}

/** Too many requests: a signed 429 FREQUENCY_LIMITED, or an APIv2 failure of that code. Orders are untouched. */
export interface ThrottleFault extends ReplacingFault<'throttle'> {
  /** `Retry-After`, in printable ASCII; absent by default. */
  readonly retryAfter?: string | undefined;
}

/** A signed 500 SYSTEM_ERROR, or an APIv2 failure SYSTEMERROR. */
export type SystemErrorFault = ReplacingFault<'systemError'>;

/** A signed 202 USER_PAYING, or an APIv2 failure USERPAYING, whatever the order's state. */
export type InProgressFault = ReplacingFault<'inProgress'>;

/**
 * The list of platform certificates is wrong, though signed as any other answer. Other endpoints are left alone. What any
 * endpoint may suffer, such as `html`, `status` or `unsigned`, has kinds of its own.
 */
export interface CertificateFault extends AnyFault<'certificates'> {
  /**
   * - `missing`: 404 RESOURCE_NOT_EXISTS. `empty`: a list without entries.
   * - `wrongKey`: encrypted with another APIv3 key. `tampered`: one bit of each ciphertext is flipped.
   * - `serialMismatch`: `serial_no` is not the serial number of the certificate.
   * - `expired`, `notYetValid`: by the emulator's clock. `weakKey`: one of RSA with 1024 bits.
   */
  readonly make:
    'missing' | 'empty' | 'wrongKey' | 'tampered' | 'serialMismatch' | 'expired' | 'notYetValid' | 'weakKey';
}

/**
 * Faults of the reply. All that match a request apply, in the order they were added. Those about signatures and
 * answers leave replies alone that WeChat Pay does not sign, such as 401.
 */
export type ReplyFault =
  | DelayFault
  | StatusFault
  | HtmlFault
  | RedirectFault
  | UnsignedFault
  | WrongSignatureFault
  | SignTestFault
  | ReplayFault
  | StaleFault
  | HeaderFault
  | UnknownSerialFault
  | CompressFault
  | OversizeFault
  | ThrottleFault
  | SystemErrorFault
  | InProgressFault
  | CertificateFault;

/** The buyer pays just before the close is processed. Only closes of orders that wait for payment count. */
export type PayDuringCloseFault = AnyFault<'payDuringClose'>;

/** The order is closed, then the connection drops. Only requests that do close an order count. */
export type LoseReplyFault = AnyFault<'loseReply'>;

/** Faults about what becomes of an order. */
export type OrderFault = PayDuringCloseFault | LoseReplyFault;

/** Something that WeChat Pay does wrong, as data: `kind` says what, `when` says to which requests. */
export type Fault = ConnectionFault | ReplyFault | OrderFault;

/** A fault in force. */
export interface ActiveFault {
  /** The emulator's own name for it: `fault-1` for the first one. */
  readonly id: string;
  /** The fault as it was added. */
  readonly fault: Fault;
  /** How many requests it has matched, those let pass included. */
  readonly matched: number;
  /** How many requests it was applied to. */
  readonly applied: number;
}
