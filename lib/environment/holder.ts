interface Box<T> {
  value: T | undefined;
}

/**
 * Holds what is under way, for as long as it is. A `Set` of the things themselves would do the same, but the tables that it
 * leaves behind as it grows and shrinks keep alive what was in them until the next full garbage collection, and a whole call
 * hangs on each thing. Here they keep empty boxes.
 */
export class Holder<T> implements Iterable<T> {
  readonly #boxes = new Set<Box<T>>();

  /** How many things are held. */
  get size(): number {
    return this.#boxes.size;
  }

  /**
   * Holds a thing.
   *
   * @returns lets it go
   */
  add(value: T): () => void {
    const box: Box<T> = { value };
    this.#boxes.add(box);
    return () => {
      box.value = undefined;
      this.#boxes.delete(box);
    };
  }

  *[Symbol.iterator](): Iterator<T> {
    for (const { value } of this.#boxes) if (value !== undefined) yield value;
  }
}
