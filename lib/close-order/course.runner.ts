import { Inject, Injectable } from '@nestjs/common';
import { Observable, type SchedulerLike } from 'rxjs';

import { later } from '../environment/later.js';
import { Shutdown } from '../environment/shutdown.js';
import type { OrderReference } from '../errors/order-reference.js';
import { WECHAT_PAY_SCHEDULER } from '../wechat-pay.constants.js';
import { overtime, shutDown, typed } from './close-errors.js';
import type { CloseVariant } from './close-variant.js';
import { Course } from './course.js';
import { FlowSettings } from './flow-settings.js';

/** Runs calls, each within one deadline for the whole, until the application shuts down. */
@Injectable()
export class CourseRunner {
  constructor(
    @Inject(FlowSettings) private readonly settings: FlowSettings,
    @Inject(Shutdown) private readonly shutdown: Shutdown,
    @Inject(WECHAT_PAY_SCHEDULER) private readonly scheduler: SchedulerLike,
  ) {}

  /**
   * Runs a call within the deadline of the whole. Inside a call there are promises, since they cost a fifth of what the same
   * steps cost as Observables; whoever unsubscribes gives the call up.
   *
   * @param variant - the endpoint
   * @param order - which order
   * @param start - begins the call
   * @throws the last attempt's error where the deadline passes, or {@link OutcomeUnknownError} of reason `timeout`
   */
  run<T>(
    variant: Pick<CloseVariant<never>, 'name' | 'host'>,
    order: OrderReference,
    start: (course: Course) => Promise<T>,
  ): Observable<T> {
    return new Observable<T>((subscriber) => {
      const course = new Course(variant, order, this.scheduler);
      const fail = (error: unknown) => subscriber.error(typed(error, course));
      const tell = (value: T) => {
        subscriber.next(value);
        subscriber.complete();
      };
      const cut = (error: unknown) => {
        try {
          course.giveUp();
        } finally {
          fail(error);
        }
      };
      const leave = this.shutdown.enter(() => cut(shutDown(course, course.wasSent || course.isTrying)));
      if (leave === undefined) return fail(shutDown(course, false));
      const { totalMs } = this.settings;
      const deadline = later(this.scheduler, totalMs, () =>
        // Of an attempt that is cut off it is not known what it did, whatever the one before it met.
        cut((course.isTrying ? undefined : course.lastError) ?? overtime(totalMs, course)),
      );
      start(course).then(tell, fail);
      return () => {
        deadline.unsubscribe();
        try {
          course.giveUp();
        } finally {
          leave();
        }
      };
    });
  }
}
