import { Inject, Injectable } from '@nestjs/common';
import { Observable, type SchedulerLike, type Subscription } from 'rxjs';

import { later } from '../environment/later.js';
import { Shutdown } from '../environment/shutdown.js';
import type { OrderReference } from '../errors/order-reference.js';
import { WECHAT_PAY_SCHEDULER } from '../wechat-pay.constants.js';
import { overtime, shutDown, typed } from './close-errors.js';
import type { CloseVariant } from './close-variant.js';
import type { Course } from './course.js';
import { FlowSettings } from './flow-settings.js';

/** What is needed of a variant here. */
type Endpoint = Pick<CloseVariant<never>, 'name' | 'host'>;

/** Runs calls, each within one deadline for the whole, until the application shuts down. */
@Injectable()
export class CourseRunner {
  constructor(
    @Inject(FlowSettings) private readonly settings: FlowSettings,
    @Inject(Shutdown) private readonly shutdown: Shutdown,
    @Inject(WECHAT_PAY_SCHEDULER) private readonly scheduler: SchedulerLike,
  ) {}

  /**
   * Runs a call within the deadline of the whole.
   *
   * @param variant - the endpoint
   * @param order - which order
   * @param start - begins the call
   * @throws the last attempt's error where the deadline passes, or {@link OutcomeUnknownError} of reason `timeout`
   */
  run<T>(variant: Endpoint, order: OrderReference, start: (course: Course) => Observable<T>): Observable<T> {
    return new Observable<T>((subscriber) => {
      const course: Course = {
        variant: variant.name,
        host: variant.host,
        order,
        attempts: 0,
        isTrying: false,
        wasSent: false,
        failedAt: undefined,
        lastError: undefined,
      };
      const { totalMs } = this.settings;
      const fail = (error: unknown) => subscriber.error(typed(error, course));
      const shut = () => fail(shutDown(course, course.wasSent || course.isTrying));
      let running: Subscription | undefined;
      const leave = this.shutdown.enter(() => {
        running?.unsubscribe();
        shut();
      });
      if (leave === undefined) return shut();
      const late = () => {
        running?.unsubscribe();
        // Of an attempt that is cut off it is not known what it did, whatever the one before it met.
        fail((course.isTrying ? undefined : course.lastError) ?? overtime(totalMs, course));
      };
      const deadline = later(this.scheduler, totalMs, late);
      subscriber.add(() => {
        deadline.unsubscribe();
        try {
          running?.unsubscribe();
        } finally {
          leave();
        }
      });
      running = start(course).subscribe({
        next: (value) => {
          subscriber.next(value);
          subscriber.complete();
        },
        error: fail,
        complete: () => subscriber.complete(),
      });
      if (subscriber.closed) running.unsubscribe();
      return undefined;
    });
  }
}
