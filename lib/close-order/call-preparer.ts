import { Inject, Injectable } from '@nestjs/common';
import { catchError, Observable, type SchedulerLike, throwError, timer } from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';
import { Clock } from '../environment/clock.js';
import type { Ear } from '../environment/ear.js';
import { Shutdown } from '../environment/shutdown.js';
import { type Abandonable, Undertaking } from '../environment/undertaking.js';
import { MerchantDirectory } from '../merchants/merchant.directory.js';
import type { ObservedCall } from '../observability/observed-call.js';
import { WECHAT_PAY_SCHEDULER } from '../wechat-pay.constants.js';
import { chooseMerchant, notConfigured, unnamed } from './choose-merchant.js';
import { shutDown, typed, unknown } from './close-errors.js';
import type { CloseVariant } from './close-variant.js';
import { type AgeOptions, waitForAge } from './minimum-age.js';
import { checkCall, completeCall, refused } from './prepare-call.js';
import type { PreparedCall } from './prepared-call.js';
import { Subscribed } from './subscribed.js';
import { unsignedOrder } from './unsigned-order.js';

/** What is done with a call once it is prepared. */
type Begin<TComplete, T> = (prepared: PreparedCall<TComplete>, ear: Ear<T>) => Abandonable;

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
      const ear = new Subscribed(subscriber, variant, observed);
      const underWay = attempted(ear, () => this.#checked(variant, request, options, observed, begin, ear));
      return () => underWay?.giveUp();
    });
  }

  #checked<TRequest, TComplete, T>(
    variant: CloseVariant<TRequest, TComplete>,
    request: TRequest,
    options: CallerOptions,
    observed: ObservedCall,
    begin: Begin<TComplete, T>,
    ear: Ear<T>,
  ): Abandonable {
    const checked = checkCall(variant, request, options.merchant);
    const mchid = chooseMerchant(checked.mchid, this.merchants);
    if (mchid === undefined) throw refused(variant, [unnamed(this.merchants)]);
    const begun = (prepared: PreparedCall<TComplete>) => {
      try {
        return begin(prepared, ear);
      } catch (error) {
        throw typed(error, { variant: variant.name, order: prepared.order, attempts: 0 });
      }
    };
    const beginInTime = (prepared: PreparedCall<TComplete>) => {
      const call = { variant: variant.name, order: prepared.order };
      const wait = waitForAge(variant.minimumAge, options, this.clock.now(), call);
      if (wait === 0) return begun(prepared);
      const old = timer(wait, this.scheduler).pipe(
        this.shutdown.endsAtOnce(() => shutDown({ ...call, attempts: 0 }, false)),
      );
      // The merchant's keys may have changed meanwhile.
      return onceHeard(old, ear, () => this.#signedBy(mchid, variant, checked.request, observed, begun, ear));
    };
    return this.#signedBy(mchid, variant, checked.request, observed, beginInTime, ear);
  }

  #signedBy<TRequest, TComplete>(
    mchid: string,
    variant: CloseVariant<TRequest, TComplete>,
    request: TRequest,
    observed: ObservedCall,
    begin: (prepared: PreparedCall<TComplete>) => Abandonable,
    ear: Pick<Ear<never>, 'failed'>,
  ): Abandonable {
    const known = this.merchants.find(mchid);
    if (known !== undefined) return begin(completeCall(variant, request, known, observed));
    const call = () => ({ variant: variant.name, order: unsignedOrder(variant, request, mchid), attempts: 0 });
    const asked = this.merchants.ask(mchid).pipe(
      this.shutdown.endsAtOnce(() => shutDown(call(), false)),
      catchError((error: unknown) =>
        throwError(() => {
          if (error instanceof AttemptFault) return unknown(error, { ...call(), authenticated: false });
          return typed(error, call());
        }),
      ),
    );
    return onceHeard(asked, ear, (found) => {
      if (found === undefined) throw refused(variant, [notConfigured(mchid, this.merchants)]);
      return begin(completeCall(variant, request, found, observed));
    });
  }
}

/** Goes on when an Observable of one value has emitted it. */
function onceHeard<T>(
  source: Observable<T>,
  ear: Pick<Ear<never>, 'failed'>,
  proceed: (value: T) => Abandonable,
): Abandonable {
  const both = new Undertaking<Abandonable>();
  const waiting = source.subscribe({
    next: (value) => {
      const next = attempted(ear, () => proceed(value));
      if (next !== undefined) both.begin(next);
    },
    error: (error: unknown) => ear.failed(error),
  });
  if (both.step === undefined) both.begin({ giveUp: () => waiting.unsubscribe() });
  return both;
}

function attempted<T>(ear: Pick<Ear<never>, 'failed'>, run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    ear.failed(error);
    return undefined;
  }
}
