import { Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';

import { OutcomeUnknownError } from '../errors/outcome-unknown.error.js';

/** Tells who closes in bulk that WeChat Pay finds a merchant's requests too frequent, whichever call met it. */
@Injectable()
export class RateLimitNotices {
  readonly #merchants = new Subject<string | undefined>();

  /** The merchant of each attempt that was refused as too frequent. */
  readonly merchants: Observable<string | undefined> = this.#merchants.asObservable();

  /**
   * Takes note of what an attempt failed with.
   *
   * @param error - anything
   */
  note(error: unknown): void {
    if (error instanceof OutcomeUnknownError && error.reason === 'rateLimited') this.#merchants.next(error.order.mchid);
  }
}
