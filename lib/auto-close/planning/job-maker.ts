import { Inject, Injectable } from '@nestjs/common';
import { firstValueFrom } from 'rxjs';

import { CloseOrderService } from '../../close-order/close-order.service.js';
import { Clock } from '../../environment/clock.js';
import type { RequestIssue } from '../../errors/invalid-request.error.js';
import { InvalidScheduleError } from '../errors/invalid-schedule.error.js';
import type { OrderToClose, PendingOrder, ScheduleClose } from '../schedule-close.js';
import type { CloseJob } from '../scheduling/close-job.js';
import { closeIdOf } from '../scheduling/close-id.js';
import type { AnyCloseVariant } from '../../close-order/any-close-variant.js';
import { VariantRegistry } from '../variants/variant.registry.js';
import { asStored } from './as-stored.js';
import { readClosingTime, readCreation, readLateTime } from './read-times.js';

/** Makes jobs of what the application asks for, and checks all of it before anything is stored. */
@Injectable()
export class JobMaker {
  constructor(
    @Inject(CloseOrderService) private readonly closeOrder: CloseOrderService,
    @Inject(VariantRegistry) private readonly variants: VariantRegistry,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /**
   * Makes a job of an order whose time is ahead.
   *
   * @throws {@link InvalidScheduleError} or {@link InvalidRequestError}
   */
  make(close: ScheduleClose): Promise<CloseJob> {
    return this.#make(close, (now, issues) => readClosingTime(close, now, issues));
  }

  /**
   * Makes a job of an order whose time may be past.
   *
   * @throws {@link InvalidScheduleError} or {@link InvalidRequestError}
   */
  makeLate(pending: PendingOrder): Promise<CloseJob> {
    return this.#make(pending, (now, issues) => readLateTime(pending, now, issues));
  }

  async #make(close: OrderToClose, readTime: (now: number, issues: RequestIssue[]) => number): Promise<CloseJob> {
    if (typeof close !== 'object' || close === null) {
      throw new InvalidScheduleError([{ field: 'close', rule: 'must be given as an object' }]);
    }
    const issues: RequestIssue[] = [];
    const now = this.clock.now();
    const variant = this.#variantOf(close, issues);
    const createdAt = readCreation(close, now, issues);
    const closeAt = readTime(now, issues);
    if (variant === undefined || issues.length > 0) throw new InvalidScheduleError(issues);
    const request = asStored(close.request, variant.name);
    const options = close.merchant === undefined ? {} : { merchant: close.merchant };
    const order = await firstValueFrom(this.closeOrder.identify(variant, request, options));
    const id = closeIdOf(order);
    if (id === undefined) {
      throw new InvalidScheduleError([
        { field: 'variant', rule: `${variant.name} does not tell its orders apart: its order() must name a number` },
      ]);
    }
    return {
      id,
      variant: variant.name,
      request,
      order,
      closeAt: oldEnough(closeAt, createdAt, variant),
      createdAt,
      scheduledAt: now,
    };
  }

  #variantOf({ variant }: OrderToClose, issues: RequestIssue[]): AnyCloseVariant | undefined {
    const given: unknown = variant;
    const isObject = typeof given === 'object' && given !== null && 'name' in given;
    const name = isObject ? given.name : given;
    const known = typeof name === 'string' ? this.variants.find(name) : undefined;
    if (known === undefined) {
      const rule = `is not known; there are ${this.variants.names.join(', ')}. Add your own to the variants of AutoCloseModule`;
      issues.push({ field: 'variant', rule });
    }
    return known;
  }
}

/** An age that WeChat Pay demands is waited for. */
function oldEnough(closeAt: number, createdAt: number, { minimumAge }: AnyCloseVariant): number {
  return minimumAge?.isBinding === true ? Math.max(closeAt, createdAt + minimumAge.ms) : closeAt;
}
