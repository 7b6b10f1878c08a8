import { Injectable } from '@nestjs/common';

import { Batch } from './batch.js';

/** How many go on together at most, as long as there is a processor that waits for the first of them. */
const FEW = 2;
/** So many signatures under way that they are what calls wait for. */
const MANY_SIGNATURES = 16;

/** The steps that the module's attempts are at. Those that end in one turn of the event loop go on together. */
@Injectable()
export class Traffic {
  /** Requests that are signed now, and may be sent. */
  readonly signing = new Batch(() => this.#atMost());
  /** Requests that are sent, and whose replies may be heard. */
  readonly sending = new Batch(() => this.#atMost());
  /**
   * Replies that are verified, where that takes time. Each goes on alone: a verified answer that there is must not wait while the limit of the
   * whole call passes.
   */
  readonly verifying = new Batch(() => 1);

  /** Whether no attempt is at any of them. */
  get isQuiet(): boolean {
    return this.signing.underWay + this.sending.underWay + this.verifying.underWay === 0;
  }

  /** Where so many calls wait for signatures, none ends sooner for being sent, or read, earlier in a turn. */
  #atMost(): number {
    return this.signing.underWay < MANY_SIGNATURES ? FEW : Infinity;
  }
}
