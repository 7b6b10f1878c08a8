/** What WeChat Pay said, in terms that APIv2 and APIv3 share, before anybody asks what it means for the order. */
export interface Answer {
  /**
   * - `done`: APIv3 204 without a body; APIv2 `return_code` and `result_code` SUCCESS.
   * - `content`: APIv3 200 with a JSON object, as queries are answered.
   * - `processing`: APIv3 202.
   * - `failed`: an error with a code.
   * - `rejected`: APIv2 `return_code` FAIL, which WeChat never signs.
   * - `unrecognized`: anything else.
   */
  readonly kind: 'done' | 'content' | 'processing' | 'failed' | 'rejected' | 'unrecognized';
  /** HTTP status. */
  readonly status: number;
  /** APIv3 `Request-ID`, for WeChat's support. No signature covers it. */
  readonly requestId?: string | undefined;
  /** WeChat's internal code, the number at the end of `Request-ID`. No signature covers it. */
  readonly internalCode?: string | undefined;
  /** How far this machine's clock is ahead of the answer's, in seconds, where that is worth a word. Not signed. */
  readonly clockSkew?: number | undefined;
  /** How long the answer asks to wait, in milliseconds. Not signed. */
  readonly retryAfterMs?: number | undefined;
  /** WeChat's error code in its own spelling. */
  readonly code?: string | undefined;
  /** WeChat's words, at most 256 characters. */
  readonly description?: string | undefined;
  /** APIv3 `detail` of an error, as sent. */
  readonly detail?: unknown;
  /** The JSON object of an APIv3 `content`. */
  readonly content?: Readonly<Record<string, unknown>> | undefined;
  /** All fields of an APIv2 reply but its `sign`. */
  readonly fields?: Readonly<Record<string, string>> | undefined;
}
