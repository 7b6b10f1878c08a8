import type { EmulatorReply } from './emulator-reply.js';

/**
 * What came of the signature check: `verified`; `refused`, see {@link EmulatorRequest.refusal}; or `unchecked`, where
 * the request was turned away before or never arrived in full.
 */
export type SignatureVerdict = 'verified' | 'refused' | 'unchecked';

/** One request to the emulated WeChat Pay, as it came over the wire, and what became of it. */
export interface EmulatorRequest {
  /** 1 for the first one. */
  readonly id: number;
  /** When its head arrived, by the emulator's clock. */
  readonly time: Date;
  readonly method: string;
  /** The request target to the letter: path and query, percent-encoding untouched. */
  readonly url: string;
  /** Names and values to the letter, in the order they came, repeated ones included. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The body's bytes; what there is of them if the connection broke. */
  readonly body: Buffer;
  readonly verdict: SignatureVerdict;
  /** Why the signature check refused it, in words. */
  readonly refusal?: string | undefined;
  /** The path template of the endpoint, such as `/v3/pay/transactions/native`. */
  readonly route?: string | undefined;
  /** The ids of the faults that were applied to it. */
  readonly faults: readonly string[];
  /** What was sent in reply, after all rewrites. Absent until then, or if no whole reply is sent. */
  readonly reply?: EmulatorReply | undefined;
  /** Whether the client closed the connection before the reply was out. */
  readonly aborted: boolean;
}

/** An {@link EmulatorRequest} while it is being answered. */
export type RequestRecord = { -readonly [Field in keyof EmulatorRequest]: EmulatorRequest[Field] };

/**
 * A header of a request.
 *
 * @param request - the request
 * @param name - in any case
 * @returns the first value, if the header is there
 */
export function headerOf(request: EmulatorRequest, name: string): string | undefined {
  return request.headers.find(([candidate]) => candidate.toLowerCase() === name.toLowerCase())?.[1];
}

/**
 * The path of a request, without its query, to the letter.
 *
 * @param request - the request
 */
export function pathOf({ url }: EmulatorRequest): string {
  return url.split('?', 1)[0] ?? '';
}

/**
 * The query of a request.
 *
 * @param request - the request
 */
export function queryOf({ url }: EmulatorRequest): URLSearchParams {
  return new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?') + 1) : '');
}
