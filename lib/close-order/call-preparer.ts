import { Inject, Injectable } from '@nestjs/common';
import { catchError, mergeMap, Observable, type SchedulerLike, throwError, timer } from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';
import { Clock } from '../environment/clock.js';
import { Shutdown } from '../environment/shutdown.js';
import { MerchantDirectory } from '../merchants/merchant.directory.js';
import type { ObservedCall } from '../observability/observed-call.js';
import { WECHAT_PAY_SCHEDULER } from '../wechat-pay.constants.js';
import { chooseMerchant, notConfigured, unnamed } from './choose-merchant.js';
import { shutDown, typed, unknown } from './close-errors.js';
import type { CloseVariant } from './close-variant.js';
import { type AgeOptions, waitForAge } from './minimum-age.js';
import { checkCall, completeCall, type PreparedCall, refused } from './prepare-call.js';
import { unsignedOrder } from './unsigned-order.js';

/** What is done with a call once it is prepared. */
type Begin<TComplete, T> = (prepared: PreparedCall<TComplete>) => Observable<T>;

/** What is heeded here of a call's options. */
type CallerOptions = AgeOptions & { readonly merchant?: string | undefined };

/** Checks a call, finds the merchant that signs it, and waits where its order is too young. */
@Injectable()
export class CallPreparer {
  constructor(
    @Inject(MerchantDirectory) private readonly merchants: MerchantDirectory,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Shutdown) private readonly shutdown: Shutdown,
    @Inject(WECHAT_PAY_SCHEDULER) private readonly scheduler: SchedulerLike,
  ) {}

  /**
   * Prepares a call and begins it. With a listed merchant that takes no turn of the event loop.
   *
   * @param variant - which endpoint
   * @param request - as the application gave it
   * @param options - who signs, and how old the order is
   * @param observed - hears of the call
   * @param begin - what then; the call keeps this merchant's keys to its end
   * @returns a cold Observable
   * @throws {@link InvalidRequestError}, {@link OrderTooYoungError}, or {@link OutcomeUnknownError} of reason `merchant`
   * where the application's source gives no merchant
   */
  prepare<TRequest, TComplete, T>(
    variant: CloseVariant<TRequest, TComplete>,
    request: TRequest,
    options: CallerOptions,
    observed: ObservedCall,
    begin: Begin<TComplete, T>,
  ): Observable<T> {
    return new Observable((subscriber) => {
      const fail = (error: unknown) => {
        // A variant of the application's own may throw anything.
        const known = typed(error, { variant: nameOf(variant), order: {}, attempts: 0 });
        observed.failed(known);
        subscriber.error(known);
      };
      try {
        return this.#checked(variant, request, options, observed, begin).subscribe({
          next: (value) => subscriber.next(value),
          error: fail,
          complete: () => subscriber.complete(),
        });
      } catch (error) {
        return fail(error);
      }
    });
  }

  #checked<TRequest, TComplete, T>(
    variant: CloseVariant<TRequest, TComplete>,
    request: TRequest,
    options: CallerOptions,
    observed: ObservedCall,
    begin: Begin<TComplete, T>,
  ): Observable<T> {
    const checked = checkCall(variant, request, options.merchant);
    const mchid = chooseMerchant(checked.mchid, this.merchants);
    if (mchid === undefined) throw refused(variant, [unnamed(this.merchants)]);
    return this.#signedBy(mchid, variant, checked.request, observed, (prepared) => {
      const call = { variant: variant.name, order: prepared.order };
      const wait = waitForAge(variant.minimumAge, options, this.clock.now(), call);
      if (wait === 0) return begin(prepared);
      return timer(wait, this.scheduler).pipe(
        this.shutdown.endsAtOnce(() => shutDown({ ...call, attempts: 0 }, false)),
        // The merchant's keys may have changed meanwhile.
        mergeMap(() => this.#signedBy(mchid, variant, checked.request, observed, begin)),
      );
    });
  }

  #signedBy<TRequest, TComplete, T>(
    mchid: string,
    variant: CloseVariant<TRequest, TComplete>,
    request: TRequest,
    observed: ObservedCall,
    begin: Begin<TComplete, T>,
  ): Observable<T> {
    const known = this.merchants.find(mchid);
    if (known !== undefined) return begin(completeCall(variant, request, known, observed));
    const call = () => ({ variant: variant.name, order: unsignedOrder(variant, request, mchid), attempts: 0 });
    return this.merchants.ask(mchid).pipe(
      this.shutdown.endsAtOnce(() => shutDown(call(), false)),
      catchError((error: unknown) =>
        throwError(() => {
          if (error instanceof AttemptFault) return unknown(error, { ...call(), authenticated: false });
          return typed(error, call());
        }),
      ),
      mergeMap((found) => {
        if (found === undefined) throw refused(variant, [notConfigured(mchid, this.merchants)]);
        return begin(completeCall(variant, request, found, observed));
      }),
    );
  }
}

/** Where the name is what fails, or there is no variant at all, the error has to do without. */
function nameOf(variant: { readonly name: string }): string {
  try {
    return variant.name;
  } catch {
    return '';
  }
}
