import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { map, merge, type MonoTypeOperatorFunction, Subject, take } from 'rxjs';

/** Ends what is under way when the application shuts down, after it has stopped serving. */
@Injectable()
export class Shutdown implements OnApplicationShutdown {
  readonly #begun = new Subject<void>();

  /**
   * Ends a call with an error when the application shuts down.
   *
   * @param error - what it ends in then
   */
  ends<T>(error: () => unknown): MonoTypeOperatorFunction<T> {
    const end = this.#begun.pipe(
      map((): never => {
        throw error();
      }),
    );
    return (call) => merge(call, end).pipe(take(1));
  }

  /** Ends every call, and lets those who wait for them hear of it before the process goes. */
  async onApplicationShutdown(): Promise<void> {
    this.#begun.next();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
