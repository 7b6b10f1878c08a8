import { Inject, Injectable, type MessageEvent, type OnModuleDestroy } from '@nestjs/common';
import { filter, finalize, interval, map, merge, Observable, of, Subject, takeUntil } from 'rxjs';

import { Timeline } from '../timeline/timeline.js';
import { OrderViews } from './order-views.js';

const BEAT_MS = 15_000;
const RECONNECT_MS = 1_000;

/** Tells pages of orders, live. Each event holds the whole order, so that one that is missed does no harm. */
@Injectable()
export class OrderFeed implements OnModuleDestroy {
  readonly #stopping = new Subject<void>();
  #listeners = 0;

  constructor(
    @Inject(Timeline) private readonly timeline: Timeline,
    @Inject(OrderViews) private readonly views: OrderViews,
  ) {}

  /** How many listen at this moment. */
  get listeners(): number {
    return this.#listeners;
  }

  /**
   * - `hello` once at the start: whoever (re)connects reads all orders then, and misses nothing.
   * - `order` with an order that something happened to.
   * - `beat` every 15 s, so that a connection that is dead is noticed.
   */
  events(): Observable<MessageEvent> {
    const orders = this.timeline.changed$.pipe(
      map((number) => this.views.find(number)),
      filter((view) => view !== undefined),
      map((view): MessageEvent => ({ type: 'order', data: view })),
    );
    const beats = interval(BEAT_MS).pipe(map((): MessageEvent => ({ type: 'beat', data: '' })));
    return new Observable((page) => {
      this.#listeners++;
      const hello: MessageEvent = { type: 'hello', data: '', retry: RECONNECT_MS };
      return merge(orders, beats, of(hello))
        .pipe(
          takeUntil(this.#stopping),
          finalize(() => this.#listeners--),
        )
        .subscribe(page);
    });
  }

  /** Ends the events of every page. Each connects anew, unless the application is gone. */
  cut(): void {
    this.#stopping.next();
  }

  /** The server could not close while pages listen. */
  onModuleDestroy(): void {
    this.cut();
  }
}
