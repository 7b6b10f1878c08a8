import type { JsonValue } from '../wire/json-value.js';

/** An APIv3 answer before it is signed. */
export interface V3Answer {
  readonly status: number;
  /** Absent: no body, as with 204. */
  readonly body?: JsonValue | undefined;
  /**
   * WeChat Pay's internal code, which ends the `Request-ID`.
   *
   * @default 0
   */
  readonly internalCode?: number | undefined;
}

/** An APIv2 answer before it is signed. */
export interface V2Answer {
  /** All fields but `sign`, in the order they are sent. */
  readonly fields: Readonly<Record<string, string>>;
}

/** An answer before it is signed. */
export type EmulatorAnswer = V3Answer | V2Answer;
