import { Inject, Injectable } from '@nestjs/common';
import { firstValueFrom, type Observable } from 'rxjs';

import { CloseOrderService } from '../close-order/close-order.service.js';
import { InvalidScheduleError } from './errors/invalid-schedule.error.js';
import { Observations } from './observations.js';
import { JobMaker } from './planning/job-maker.js';
import { type PendingSource, reconcileAll } from './planning/reconcile.js';
import { isCancellable } from './scheduling/cancellable.js';
import { closeIdOf } from './scheduling/close-id.js';
import { CloseScheduler, type SchedulerStats, type StoredClose } from './scheduling/close-scheduler.js';
import type {
  Cancellation,
  Hurry,
  OrderName,
  PendingOrder,
  Reconciliation,
  ScheduleClose,
  ScheduledClose,
  VariantChoice,
} from './schedule-close.js';
import type { Settlement } from './settlement.js';
import { orderVariant } from './variants/order.variant.js';

/**
 * Schedules orders to be closed when nobody has paid them in time. Each ends once, as closed, paid, not found or given up, and
 * the application's {@link SettlementHandler} is told.
 *
 * Its methods return promises, and not cold Observables: a schedule that nobody subscribes to would be an order that nobody
 * closes.
 */
@Injectable()
export class AutoCloseService {
  constructor(
    @Inject(CloseScheduler) private readonly scheduler: CloseScheduler,
    @Inject(CloseOrderService) private readonly closeOrder: CloseOrderService,
    @Inject(JobMaker) private readonly jobs: JobMaker,
    @Inject(Observations) private readonly observations: Observations,
  ) {}

  /**
   * Schedules an order to be closed. Await it before the order is placed with WeChat Pay: then a crash in between leaves a
   * schedule without an order, which ends as `NOT_FOUND`, and never an order that nobody closes.
   *
   * It may be called any number of times. An order that is there already, in whatever state, stays as it is, but for one that
   * settled as `NOT_FOUND`: it begins afresh, as it is only now placed.
   *
   * @param close - the order and its time
   * @returns when it is durable
   * @throws {@link InvalidRequestError} if the request does not hold, {@link InvalidScheduleError} if the variant is unknown or the
   * time is past or too far ahead, {@link CloseStoreError} if the store does not take it: reject the order then. In each
   * case nothing was stored
   * @example
   * ```ts
   * const { closeAt } = await autoClose.schedule({ variant: 'direct', request: { out_trade_no }, closeAfter: 15 * 60_000 });
   * await placeOrder({ out_trade_no, time_expire: closeAt });
   * ```
   */
  async schedule<TVariant extends VariantChoice>(close: ScheduleClose<TVariant>): Promise<ScheduledClose> {
    const job = await this.jobs.make(close);
    const { isNew, stored } = await this.scheduler.schedule(job);
    if (isNew) this.observations.scheduled({ variant: job.variant });
    const { state, dueAt } = stored;
    return { order: stored.job.order, closeAt: new Date(dueAt), isNew, state };
  }

  /**
   * Lets go of an order, when it has been paid, could not be placed, or was closed otherwise. It saves a call to WeChat Pay and is
   * never needed for the result to be right: an order that has been paid settles as `PAID`.
   *
   * @param order - that was scheduled
   * @returns what was found; only `cancelled` means that the handler is not called
   * @throws {@link InvalidRequestError} if it names no order, {@link CloseStoreError}
   */
  async cancel(order: OrderName): Promise<Cancellation> {
    const before = await this.scheduler.cancel(await this.#idOf(order));
    if (before === undefined) return { found: 'unknown' };
    if (!isCancellable(before)) return runningOrSettled(before);
    this.observations.cancelled();
    return { found: 'cancelled' };
  }

  /**
   * Makes a scheduled order due now, and one that was given up to be tried afresh. A worker closes it; this does not wait for it.
   *
   * @param order - as {@link cancel} takes it
   * @returns what was found
   * @throws {@link InvalidRequestError} if it names no order, {@link CloseStoreError}
   */
  async closeNow(order: OrderName): Promise<Hurry> {
    const before = await this.scheduler.bringForward(await this.#idOf(order));
    if (before === undefined) return { found: 'unknown' };
    if (before.state === 'waiting' || before.state === 'givenUp') return { found: 'due' };
    return runningOrSettled(before);
  }

  /**
   * What became of an order, as far as it is known and as long as it is kept (`keepSettledForMs`).
   *
   * @param order - as {@link cancel} takes it
   * @returns `undefined` where nothing is known: it waits, runs, or is not there
   * @throws {@link InvalidRequestError} if it names no order, {@link CloseStoreError}
   */
  async outcomeOf(order: OrderName): Promise<Settlement | undefined> {
    return (await this.scheduler.find(await this.#idOf(order)))?.settlement;
  }

  /**
   * Schedules every order that the application holds for pending, for when the store was lost, or restored from a backup. Run
   * it at the start and every hour, over the rows of your database; orders that are there stay as they are, and those that were
   * given up are tried afresh.
   *
   * @param source - pending orders: an iterable, an async iterable or an Observable; each is read once, and never all at once
   * @returns how many were which; those that do not hold are logged and do not stop the others
   * @throws {@link CloseStoreError} if the store fails, or what the source throws
   */
  async reconcile<TVariant extends VariantChoice>(
    source: PendingSource<PendingOrder<TVariant>>,
  ): Promise<Reconciliation> {
    return reconcileAll(source, async (pending) => {
      const job = await this.jobs.makeLate(pending);
      const { isNew, stored } = await this.scheduler.schedule(job);
      if (isNew) this.observations.scheduled({ variant: job.variant });
      if (isNew) return 'scheduled';
      if (stored.state !== 'givenUp') return stored.state === 'settled' ? 'settled' : 'present';
      await this.scheduler.bringForward(job.id);
      return 'tried';
    });
  }

  /** Counts, for health checks: `oldestOverdueMs` says how long the oldest due order has waited for a worker. */
  async stats(): Promise<SchedulerStats> {
    return this.scheduler.stats();
  }

  /**
   * Every settlement that this process records, from the subscription on, until the application shuts down. It is for pages and
   * logs: it misses what other processes record, and what nobody listened to. The handler does not.
   */
  get outcomes$(): Observable<Settlement> {
    return this.observations.settlements$;
  }

  /**
   * The queue of BullMQ, where the store is one: for a board such as bull-board, which shows it. Look, and leave changing it to the
   * methods here. It is typed as an object, so that nobody needs the types of BullMQ: `autoClose.queue as Queue`.
   */
  get queue(): object | undefined {
    return this.scheduler.queue;
  }

  async #idOf(order: OrderName): Promise<string> {
    const complete = await firstValueFrom(this.closeOrder.identify(orderVariant, order, { evenWithoutKeys: true }));
    const id = closeIdOf(complete);
    if (id === undefined) throw new InvalidScheduleError([{ field: 'order', rule: 'names no order' }]);
    return id;
  }
}

function runningOrSettled({
  settlement,
}: StoredClose): { found: 'running' } | { found: 'settled'; settlement: Settlement } {
  return settlement === undefined ? { found: 'running' } : { found: 'settled', settlement };
}
