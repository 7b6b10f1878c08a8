import { Inject, Injectable } from '@nestjs/common';
import { type Observable, Subject } from 'rxjs';

import type { AutoCloseObserver } from './auto-close.observer.js';
import { AutoCloseSettings } from './configuration/auto-close-settings.js';
import type { Settlement } from './settlement.js';

type EventOf<TName extends keyof AutoCloseObserver> = Parameters<NonNullable<AutoCloseObserver[TName]>>[0];

/** Tells the application's observer what happens, and those who listen to settlements. */
@Injectable()
export class Observations {
  readonly #settlements = new Subject<Settlement>();

  constructor(@Inject(AutoCloseSettings) private readonly settings: AutoCloseSettings) {}

  /** Every settlement that this process recorded, from now on. */
  get settlements$(): Observable<Settlement> {
    return this.#settlements.asObservable();
  }

  scheduled(event: EventOf<'scheduled'>): void {
    harmlessly(() => this.settings.observer.scheduled?.(event));
  }

  cancelled(): void {
    harmlessly(() => this.settings.observer.cancelled?.());
  }

  started(event: EventOf<'started'>): void {
    harmlessly(() => this.settings.observer.started?.(event));
  }

  retried(event: EventOf<'retried'>): void {
    harmlessly(() => this.settings.observer.retried?.(event));
  }

  settled(event: EventOf<'settled'>): void {
    harmlessly(() => this.settings.observer.settled?.(event));
    this.#settlements.next(event.settlement);
  }

  /** Completes those who listen. */
  end(): void {
    this.#settlements.complete();
  }
}

/** A counter that fails must not fail an order. */
function harmlessly(tell: () => unknown): void {
  try {
    // A callback may be asynchronous all the same, and a rejection that nobody takes would end the process.
    Promise.resolve(tell()).catch(() => {});
  } catch {
    // The observer is the application's, and its errors are, too.
  }
}
