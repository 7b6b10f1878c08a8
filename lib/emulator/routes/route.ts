import type { V3Answer } from '../answers/emulator-answer.js';

import type { V2Call } from './v2-call.js';
import type { V3Call } from './v3-call.js';

/** An APIv3 endpoint. */
export interface V3Route {
  readonly api: 'v3';
  readonly method: 'GET' | 'POST';
  /** The path, parameters in braces. */
  readonly path: string;
  /**
   * Does what the endpoint does, in one go: nothing else happens between its checks and its changes.
   *
   * @throws Refusal for an error answer
   */
  readonly handle: (call: V3Call) => V3Answer;
}

/** An APIv2 endpoint. */
export interface V2Route {
  readonly api: 'v2';
  readonly method: 'POST';
  readonly path: string;
  /**
   * Does what the endpoint does, in one go.
   *
   * @returns the fields that the answer has besides those of every answer
   * @throws Refusal for an answer with `err_code`
   */
  readonly handle: (call: V2Call) => Readonly<Record<string, string>>;
}

/** An endpoint of WeChat Pay. */
export type Route = V2Route | V3Route;
