import type { Doubt, DoubtPhase, DoubtReason } from './doubt.js';

/**
 * An attempt that brought no whole reply. It stays inside the library and never holds the request, whose headers are
 * confidential.
 */
export class AttemptFault extends Error implements Doubt {
  override readonly name = 'AttemptFault';

  /**
   * @param phase - how far the attempt got
   * @param reason - what went wrong
   * @param explanation - one sentence for a person
   * @param isStale - whether a kept connection turned out to be dead, which says nothing about the host
   */
  constructor(
    readonly phase: DoubtPhase,
    readonly reason: DoubtReason,
    readonly explanation: string,
    readonly isStale = false,
  ) {
    super(explanation);
  }
}
