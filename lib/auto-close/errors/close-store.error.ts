/**
 * What is wrong with a store.
 *
 * - `package`: a package that it needs is not installed.
 * - `open`: it cannot be opened.
 * - `foreign`: something else is there, which is left alone.
 * - `newerSchema`: a later version of this library has been at it.
 * - `unavailable`: it was open, and does not answer or cannot write.
 * - `closed`: the application has shut down.
 */
export type CloseStoreFault = 'package' | 'open' | 'foreign' | 'newerSchema' | 'unavailable' | 'closed';

/** The store of scheduled closes cannot be used. Where it was to schedule, assume that nothing was. */
export class CloseStoreError extends Error {
  override readonly name = 'CloseStoreError';

  /**
   * @param fault - what is wrong
   * @param message - says what to do
   * @param options - what the engine said
   */
  constructor(
    readonly fault: CloseStoreFault,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
