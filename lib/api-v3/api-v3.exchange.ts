import { Inject, Injectable } from '@nestjs/common';
import type { Observable } from 'rxjs';

import type { ExchangeResult } from '../answers/exchange-result.js';
import { isPromise } from '../environment/and-then.js';
import { regionOf } from '../platform-keys/certificate-region.js';
import { PlatformKeyStore } from '../platform-keys/platform-key.store.js';
import type { Attempt } from '../transport/attempt.js';
import { AttemptDeadline } from '../transport/attempt-deadline.js';
import { exchanged, silenceOf } from '../transport/exchanged.js';
import type { AttemptStep } from '../transport/step-under-way.js';
import type { ApiV3Call } from './api-v3.call.js';
import { ApiV3Judge } from './api-v3.judge.js';
import { ApiV3Sender } from './api-v3.sender.js';

const LOADING: AttemptStep = { what: 'platform certificate', phase: 'notSent', reason: 'timeout' };

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
    return exchanged((attempt) => this.exchange(attempt, call));
  }

  /**
   * @param attempt - that this is
   * @param call - what to ask
   * @returns what came of it
   */
  async exchange(attempt: Attempt, call: ApiV3Call): Promise<ExchangeResult> {
    try {
      const { mchid, credentials, target } = call;
      const keys = this.platformKeys.of(mchid, credentials, regionOf(target));
      // A request whose reply could not be verified is not sent.
      if (keys.preferredSerial === undefined) await this.deadline.limit(attempt, LOADING, keys.load());
      const sent = await this.sender.send(attempt, call, keys.preferredSerial);
      const judged = this.judge.judge(attempt, sent, credentials.scheme, keys);
      return isPromise(judged) ? await judged : judged;
    } catch (error) {
      return silenceOf(error);
    } finally {
      attempt.finish();
    }
  }
}
