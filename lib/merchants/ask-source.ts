import {
  catchError,
  defaultIfEmpty,
  defer,
  from,
  isObservable,
  type Observable,
  of,
  type SchedulerLike,
  take,
  throwError,
  timeout,
} from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';
import { errorName } from '../answers/error-name.js';
import type { FoundMerchant, MerchantSource } from './merchant-source.js';

/**
 * Asks a merchant source, which is the application's own, and takes nothing of it for granted.
 *
 * @param source - the application's
 * @param mchid - which merchant
 * @param limitMs - how long it may take
 * @param scheduler - on which the limit runs
 * @returns a cold Observable of one answer, which is not checked yet
 * @throws {@link AttemptFault} of phase `notSent` where it fails or takes too long. The source's own error is not kept,
 * since it may hold a secret.
 */
export function askSource(
  source: MerchantSource,
  mchid: string,
  limitMs: number,
  scheduler: SchedulerLike,
): Observable<FoundMerchant> {
  return defer(() => {
    const answer = source.find(mchid);
    if (isObservable(answer)) return answer;
    return isPromise(answer) ? from(answer) : of(answer);
  }).pipe(
    take(1),
    defaultIfEmpty(undefined),
    timeout({
      first: limitMs,
      scheduler,
      with: () => throwError(() => sourceFault(`gave no answer within ${limitMs} ms.`)),
    }),
    catchError((error: unknown) => throwError(() => (error instanceof AttemptFault ? error : failure(error)))),
  );
}

/**
 * Why a source gave no merchant that can sign.
 *
 * @param what - continues the sentence "The merchant source …"
 */
export function sourceFault(what: string): AttemptFault {
  return new AttemptFault('notSent', 'merchant', `The merchant source ${what}`);
}

/**
 * What is told of an error that the application's own code threw: its name alone.
 *
 * @param error - whatever was thrown
 */
export function failure(error: unknown): AttemptFault {
  return sourceFault(`failed with ${errorName(error)}; its log may say why.`);
}

function isPromise(answer: FoundMerchant | Promise<FoundMerchant>): answer is Promise<FoundMerchant> {
  return typeof answer === 'object' && answer !== null && 'then' in answer;
}
