import { Inject, Injectable } from '@nestjs/common';
import { catchError, defer, from, map, mergeMap, type Observable, of } from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { ExchangeResult } from '../answers/exchange-result.js';
import { regionOf } from '../platform-keys/certificate-region.js';
import { PlatformKeyStore } from '../platform-keys/platform-key.store.js';
import type { PlatformKeys } from '../platform-keys/platform-keys.js';
import { AttemptDeadline } from '../transport/attempt-deadline.js';
import type { ApiV3Call } from './api-v3.call.js';
import { ApiV3Judge } from './api-v3.judge.js';
import { ApiV3Sender } from './api-v3.sender.js';

/** Signs an APIv3 request, sends it, and verifies what comes back. */
@Injectable()
export class ApiV3Exchange {
  constructor(
    @Inject(PlatformKeyStore) private readonly platformKeys: PlatformKeyStore,
    @Inject(ApiV3Sender) private readonly sender: ApiV3Sender,
    @Inject(ApiV3Judge) private readonly judge: ApiV3Judge,
    @Inject(AttemptDeadline) private readonly deadline: AttemptDeadline,
  ) {}

  /**
   * @param call - what to ask
   * @returns a cold Observable that signs afresh for each subscription and emits what came of it, once; it does not fail
   */
  send(call: ApiV3Call): Observable<ExchangeResult> {
    const { mchid, credentials, target } = call;
    return defer(() => {
      const keys = this.platformKeys.of(mchid, credentials, regionOf(target));
      return this.#serialOf(keys).pipe(
        mergeMap((serial) => this.sender.send(call, serial)),
        mergeMap((sent) => this.judge.judge(sent, credentials.scheme, keys)),
      );
    }).pipe(
      catchError((error: unknown) => {
        if (error instanceof AttemptFault) return of<ExchangeResult>({ kind: 'silence', doubt: error });
        throw error;
      }),
    );
  }

  /** A request whose reply could not be verified is not sent. */
  #serialOf(keys: PlatformKeys): Observable<string | undefined> {
    if (keys.preferredSerial !== undefined) return of(keys.preferredSerial);
    return from(keys.load()).pipe(
      this.deadline.limit('platform certificate', () => 'notSent'),
      map(() => keys.preferredSerial),
    );
  }
}
