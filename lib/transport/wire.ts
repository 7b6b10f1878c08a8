import type { ReplyHeaders } from './reply-headers.js';

/** One signed request, ready for the wire. What stands here is what was signed; nothing may change it on the way. */
export interface WireRequest {
  readonly method: 'GET' | 'POST';
  /** Scheme, host and port, e.g. `https://api.mch.weixin.qq.com`. */
  readonly origin: string;
  /** Path and query, percent-encoded. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for none. */
  readonly body: string;
}

/** A whole reply as it came from the wire. */
export interface WireReply {
  readonly status: number;
  /** Every value of every header, by lower-case name, in the order they came. */
  readonly headers: ReplyHeaders;
  /** The raw bytes. */
  readonly body: Uint8Array;
}

/**
 * The value of a header that came exactly once.
 *
 * @param name - in lower case
 * @returns `undefined` where it is missing or came more than once
 */
export function soleHeader(reply: Pick<WireReply, 'headers'>, name: string): string | undefined {
  const values = reply.headers.get(name);
  return values?.length === 1 ? values[0] : undefined;
}
