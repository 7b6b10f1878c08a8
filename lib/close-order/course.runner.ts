import { Inject, Injectable } from '@nestjs/common';
import type { SchedulerLike } from 'rxjs';

import type { Ear } from '../environment/ear.js';
import { later } from '../environment/later.js';
import { Shutdown } from '../environment/shutdown.js';
import type { Abandonable } from '../environment/undertaking.js';
import type { OrderReference } from '../errors/order-reference.js';
import { WECHAT_PAY_SCHEDULER } from '../wechat-pay.constants.js';
import { shutDown } from './close-errors.js';
import type { CloseVariant } from './close-variant.js';
import { Course } from './course.js';
import { FlowSettings } from './flow-settings.js';
import { RunningCourse } from './running-course.js';

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
   * steps cost as Observables.
   *
   * @param variant - the endpoint
   * @param order - which order
   * @param start - begins the call
   * @param ear - hears what it comes to, or the last attempt's error where the deadline passes, or {@link OutcomeUnknownError} of reason
   * `timeout`
   * @returns gives the call up
   */
  run<T>(
    variant: Pick<CloseVariant<never>, 'name' | 'host'>,
    order: OrderReference,
    start: (course: Course) => Promise<T>,
    ear: Ear<T>,
  ): Abandonable {
    const course = new Course(variant, order, this.scheduler);
    const running = new RunningCourse(course, ear);
    const leave = this.shutdown.enter(() => running.shutDown());
    if (leave === undefined) {
      running.failed(shutDown(course, false));
      return running;
    }
    const { totalMs } = this.settings;
    const deadline = later(this.scheduler, totalMs, () => running.late(totalMs));
    running.atEnd(() => {
      deadline.unsubscribe();
      leave();
    });
    start(course).then(
      (value) => running.heard(value),
      (error: unknown) => running.failed(error),
    );
    return running;
  }
}
