import type { ApiV3Credentials } from '../merchants/merchant.js';

/** One APIv3 request, not signed yet. */
export interface ApiV3Call {
  readonly mchid: string;
  readonly credentials: ApiV3Credentials;
  readonly origin: string;
  /** Path and query, percent-encoded. */
  readonly target: string;
  /** The JSON of a POST, to the letter; without it, the request is a GET. */
  readonly body?: string | undefined;
}
