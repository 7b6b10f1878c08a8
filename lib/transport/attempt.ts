import { Observable, type Subscriber } from 'rxjs';

/** One attempt under way. It takes one step after the other, and whoever gives it up ends the one that it is at. */
export class Attempt {
  #stop: (() => void) | undefined;
  #isGivenUp = false;

  /** Whether nobody waits for it any more. */
  get isGivenUp(): boolean {
    return this.#isGivenUp;
  }

  /**
   * Notes the step that it is at.
   *
   * @param stop - ends that step; `undefined` once it has ended by itself
   */
  at(stop: (() => void) | undefined): void {
    this.#stop = stop;
    if (this.#isGivenUp) stop?.();
  }

  /** Ends the step that it is at. The steps after it are not begun. */
  giveUp(): void {
    this.#isGivenUp = true;
    this.#stop?.();
    this.#stop = undefined;
  }
}

/**
 * Makes an attempt for each subscription, and gives it up when that ends. Inside an attempt there are promises, since they
 * cost a fifth of what the same steps cost as Observables.
 *
 * @param make - makes the attempt
 * @returns a cold Observable of what comes of it
 */
export function attempted<T>(make: (attempt: Attempt) => Promise<T>): Observable<T> {
  return new Observable((subscriber) => {
    const attempt = new Attempt();
    void tell(make(attempt), subscriber);
    return () => attempt.giveUp();
  });
}

async function tell<T>(result: Promise<T>, subscriber: Subscriber<T>): Promise<void> {
  try {
    subscriber.next(await result);
    subscriber.complete();
  } catch (error) {
    subscriber.error(error);
  }
}
