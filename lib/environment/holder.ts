/** Where a thing is held. */
export class Place<T> {
  before: Place<T> | undefined = undefined;
  after: Place<T> | undefined = undefined;

  /** @param value - what is held; nothing once it was let go */
  constructor(public value: T | undefined) {}
}

/**
 * Holds what is under way, for as long as it is. A `Set` would do the same, but the tables that it leaves behind as it grows and
 * shrinks keep alive what was in them until the next full garbage collection, and a whole call hangs on each thing. Places that
 * know their neighbours leave nothing behind.
 */
export class Holder<T> implements Iterable<T> {
  #first: Place<T> | undefined;
  #size = 0;

  /** How many things are held. */
  get size(): number {
    return this.#size;
  }

  /**
   * Holds a thing.
   *
   * @returns where it is
   */
  add(value: T): Place<T> {
    const place = new Place(value);
    const after = this.#first;
    place.after = after;
    if (after !== undefined) after.before = place;
    this.#first = place;
    this.#size++;
    return place;
  }

  /** Lets the thing go that is held at a place. */
  letGo(place: Place<T>): void {
    if (place.value === undefined) return;
    const { before, after } = place;
    place.value = place.before = place.after = undefined;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after !== undefined) after.before = before;
    this.#size--;
  }

  /** What is held, the oldest first, as it was when the iteration began; without what is let go meanwhile. */
  *[Symbol.iterator](): Iterator<T> {
    const places: Place<T>[] = [];
    for (let place = this.#first; place !== undefined; place = place.after) places.push(place);
    for (const { value } of places.toReversed()) if (value !== undefined) yield value;
  }
}
