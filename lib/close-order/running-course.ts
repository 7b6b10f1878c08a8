import type { Ear } from '../environment/ear.js';
import type { Abandonable } from '../environment/undertaking.js';
import { overtime, shutDown, typed } from './close-errors.js';
import type { Course } from './course.js';

/** A call that runs, and ends once: with what it came to, late, with the application, or because nobody waits for it any more. */
export class RunningCourse<T> implements Ear<T>, Abandonable {
  #isOver = false;
  #teardown: (() => void) | undefined;

  /**
   * @param course - the call
   * @param ear - hears how it ends
   */
  constructor(
    private readonly course: Course,
    private readonly ear: Ear<T>,
  ) {}

  /**
   * Has something done when it ends.
   *
   * @param teardown - what is done
   */
  atEnd(teardown: () => void): void {
    this.#teardown = teardown;
  }

  heard(value: T): void {
    if (this.#isOver) return;
    try {
      this.#end();
    } finally {
      this.ear.heard(value);
    }
  }

  failed(error: unknown): void {
    if (this.#isOver) return;
    try {
      this.#end();
    } finally {
      this.ear.failed(typed(error, this.course));
    }
  }

  /**
   * Ends it where it has taken too long as a whole. Of an attempt that is cut off it is not known what it did, whatever the one before
   * it met.
   *
   * @param totalMs - the limit
   */
  late(totalMs: number): void {
    const { course } = this;
    this.failed((course.isTrying ? undefined : course.lastError) ?? overtime(totalMs, course));
  }

  /** Ends it with the application. */
  shutDown(): void {
    const { course } = this;
    this.failed(shutDown(course, course.wasSent || course.isTrying));
  }

  giveUp(): void {
    this.#end();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    try {
      this.course.giveUp();
    } finally {
      this.#teardown?.();
    }
  }
}
