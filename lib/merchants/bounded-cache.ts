import type { Clock } from '../environment/clock.js';

interface Entry<T> {
  readonly value: T;
  readonly keptAt: number;
}

/** Keeps values for a while, and no more than a number of them: the one that was used the longest ago goes first. */
export class BoundedCache<T> {
  /** In the order in which they were used. */
  readonly #entries = new Map<string, Entry<T>>();
  #sweptAt = 0;

  /**
   * @param max - how many at most
   * @param ttlMs - how long each, however often it is used
   * @param clock - tells the time
   */
  constructor(
    private readonly max: number,
    private readonly ttlMs: number,
    private readonly clock: Clock,
  ) {}

  /** How many are kept, those included that are too old and not swept away yet. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value of a key, unless it is too old. */
  get(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (!this.#isYoung(entry, this.clock.now())) return undefined;
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Keeps a value. */
  set(key: string, value: T): void {
    const now = this.clock.now();
    this.#sweep(now);
    this.#entries.delete(key);
    this.#entries.set(key, { value, keptAt: now });
    if (this.#entries.size <= this.max) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }

  /** Forgets a key. */
  delete(key: string): void {
    this.#entries.delete(key);
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries.clear();
  }

  /** Values that nobody asks for any more do not stay for ever; once in a lifetime is often enough to look for them. */
  #sweep(now: number): void {
    const since = now - this.#sweptAt;
    if (since >= 0 && since < this.ttlMs) return;
    this.#sweptAt = now;
    for (const [key, entry] of this.#entries) if (!this.#isYoung(entry, now)) this.#entries.delete(key);
  }

  /** A clock that is set back makes nothing young for longer. */
  #isYoung({ keptAt }: Entry<T>, now: number): boolean {
    return now >= keptAt && now - keptAt < this.ttlMs;
  }
}
