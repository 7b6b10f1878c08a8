import type { JsonValue } from '../wire/json-value.js';

/** What a {@link Refusal} says besides its message. */
export interface RefusalContent {
  /** HTTP status on APIv3; APIv2 always answers 200. */
  readonly status: number;
  /** WeChat Pay's code, spelled as the endpoint spells it. */
  readonly code: string;
  readonly message: string;
  /** See protocol: internal code, the part of `Request-ID` after the last `-`. */
  readonly internalCode?: number | undefined;
  /** Which field is at fault, on APIv3. */
  readonly detail?: JsonValue | undefined;
}

/** Ends a call with an error answer that is signed as any other. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly internalCode: number;
  readonly detail: JsonValue | undefined;

  /** @param content - what the answer says */
  constructor(content: RefusalContent) {
    super(content.message);
    this.status = content.status;
    this.code = content.code;
    this.internalCode = content.internalCode ?? 0;
    this.detail = content.detail;
  }
}
