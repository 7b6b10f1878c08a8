import type { Ear } from '../environment/ear.js';
import type { Abandonable } from '../environment/undertaking.js';

/**
 * Lets calls that are equal and run at the same time share one course. The last one to be given up ends it. Different calls
 * never merge, and one that has ended is begun afresh.
 */
export class SingleFlight<T> {
  readonly #running = new Map<string, SharedCourse<T>[]>();

  /**
   * Joins the course of an equal call, or begins one.
   *
   * @param number - the same for equal calls, and for few others
   * @param key - the same for equal calls, and for no others; asked only where a call of that number runs, since it is long
   * @param ear - hears how it ends
   * @param begin - begins a course
   * @returns leaves the course again
   */
  join(number: string, key: () => string, ear: Ear<T>, begin: (ear: Ear<T>) => Abandonable): Abandonable {
    const wanted = this.#running.has(number) ? key() : undefined;
    const alike = this.#running.get(number);
    const running = alike?.find((each) => each.key() === wanted);
    if (running !== undefined) return running.join(ear);
    const course = new SharedCourse<T>(number, key, this.#running);
    if (alike === undefined) this.#running.set(number, [course]);
    else alike.push(course);
    const caller = course.join(ear);
    course.begin(begin);
    return caller;
  }
}

/** It lets go of everything when it ends: the tables that a `Map` leaves behind keep alive what was in them. */
class SharedCourse<T> implements Ear<T> {
  #callers: Caller<T>[] = [];
  #underWay: Abandonable | undefined;
  #isOver = false;

  /**
   * @param number - that it goes by
   * @param key - of the course
   * @param all - that it is among, as long as it runs
   */
  constructor(
    private readonly number: string,
    readonly key: () => string,
    private readonly all: Map<string, SharedCourse<T>[]>,
  ) {}

  begin(begin: (ear: Ear<T>) => Abandonable): void {
    let underWay: Abandonable;
    try {
      underWay = begin(this);
    } catch (error) {
      this.#end();
      throw error;
    }
    // It may have ended at once.
    if (!this.#isOver) this.#underWay = underWay;
  }

  join(ear: Ear<T>): Caller<T> {
    const caller = new Caller(this, ear);
    this.#callers.push(caller);
    return caller;
  }

  leave(caller: Caller<T>): void {
    this.#callers = this.#callers.filter((each) => each !== caller);
    if (this.#callers.length > 0) return;
    const underWay = this.#underWay;
    this.#end();
    underWay?.giveUp();
  }

  heard(value: T): void {
    for (const { ear } of this.#end()) ear.heard(value);
  }

  failed(error: unknown): void {
    for (const { ear } of this.#end()) ear.failed(error);
  }

  /**
   * Before anybody hears of the end: who begins again at once must find no course that has ended.
   *
   * @returns who waits for it
   */
  #end(): readonly Caller<T>[] {
    const callers = this.#callers;
    this.#callers = [];
    this.#underWay = undefined;
    if (!this.#isOver) this.#removeFrom(this.all.get(this.number) ?? []);
    this.#isOver = true;
    return callers;
  }

  #removeFrom(alike: SharedCourse<T>[]): void {
    const at = alike.indexOf(this);
    // Emptied, too, since the `Map` may hold on to it.
    if (at >= 0) alike.splice(at, 1);
    if (alike.length === 0) this.all.delete(this.number);
  }
}

/** One who waits for a course. */
class Caller<T> implements Abandonable {
  constructor(
    private readonly course: SharedCourse<T>,
    readonly ear: Ear<T>,
  ) {}

  giveUp(): void {
    this.course.leave(this);
  }
}
