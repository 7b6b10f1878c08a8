/**
 * Why a bulk close stopped before its source's end.
 *
 * - `source`: the source failed, or ended before the checkpoint that was to be resumed from.
 * - `buffer`: an Observable emitted faster than orders are closed, and as many requests waited as may.
 * - `record`: the application's `record` failed.
 * - `shutdown`: the application is shut down.
 */
export type BulkStopReason = 'source' | 'buffer' | 'record' | 'shutdown';

/**
 * A bulk close stopped before its source's end. The outcome of every order that had been begun was emitted before. Go on with
 * `many(source, { ...options, from: error.checkpoint })` over the same source.
 */
export class BulkStoppedError extends Error {
  override readonly name = 'BulkStoppedError';

  /**
   * @param reason - why
   * @param explanation - what happened, in words, without a full stop
   * @param checkpoint - every input before this index is done
   * @param cause - what the source or `record` failed with
   */
  constructor(
    readonly reason: BulkStopReason,
    explanation: string,
    readonly checkpoint: number,
    cause?: unknown,
  ) {
    super(
      `The bulk close stopped: ${explanation}. Every input before index ${checkpoint} is done; resume with from: ${checkpoint}.`,
      cause === undefined ? undefined : { cause },
    );
  }
}
