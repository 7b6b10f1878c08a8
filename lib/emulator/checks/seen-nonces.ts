const MOST_NONCES = 100_000;

/** Remembers the nonces of verified requests, so that none is taken twice. Its memory is bounded: the oldest go. */
export class SeenNonces {
  readonly #seen = new Set<string>();

  /**
   * Takes a nonce.
   *
   * @param mchid - whose it is
   * @param nonce - `nonce_str` of the request
   * @returns whether it is new
   */
  take(mchid: string, nonce: string): boolean {
    const entry = `${mchid} ${nonce}`;
    if (this.#seen.has(entry)) return false;
    this.#seen.add(entry);
    const [oldest] = this.#seen;
    if (this.#seen.size > MOST_NONCES && oldest !== undefined) this.#seen.delete(oldest);
    return true;
  }

  /** Forgets all nonces. */
  clear(): void {
    this.#seen.clear();
  }
}
