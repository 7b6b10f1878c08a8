import { AttemptFault } from '../answers/attempt-fault.js';
import type { DoubtPhase, DoubtReason } from '../answers/doubt.js';
import type { Batch, Waiting } from '../environment/batch.js';
import type { Ear } from '../environment/ear.js';
import type { Attempt, LimitedStep } from './attempt.js';
import type { TransportSettings } from './transport-settings.js';

/** A step of an attempt, in the eyes of its limit. */
export interface AttemptStep {
  /** In words, as in "there was no …": "whole reply", "signature". */
  readonly what: string;
  /** How far the attempt is then. */
  readonly phase: DoubtPhase;
  /** Whose fault it is if the step takes too long: the network's, or that of the application's signer or verifier. */
  readonly reason: DoubtReason;
  /** Ends the step. */
  stop?(): void;
}

/** How long each step may take. */
export type StepLimits = Pick<TransportSettings, 'attemptMs' | 'connectMs'>;

/**
 * A step that takes time, and what waits for it. Nothing comes of it once it is late or given up. What comes of it in time is handed on
 * together with what comes of others.
 *
 * It is a class with members, since closures over all of this would be carried by the garbage collector from one generation to the
 * next.
 */
export class StepUnderWay<T> implements LimitedStep, Ear<T>, Waiting {
  #heard: { readonly value: T } | undefined;

  /**
   * @param attempt - that is at it
   * @param step - that has begun
   * @param connects - whether there must be a connection in time
   * @param limits - how long it may take
   * @param begunAt - by the stopwatch, in milliseconds
   * @param batch - with which what it came to is handed on
   * @param resolve - called with what it came to
   * @param reject - called with what it failed with
   */
  constructor(
    private readonly attempt: Attempt,
    private readonly step: AttemptStep,
    private readonly connects: boolean,
    private readonly limits: StepLimits,
    private readonly begunAt: number,
    private readonly batch: Batch,
    private readonly resolve: (value: T) => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  heard(value: T): void {
    if (this.#heard !== undefined || this.attempt.step !== this) return;
    this.#heard = { value };
    this.batch.add(this);
  }

  goOn(): void {
    if (this.#heard !== undefined && this.attempt.end(this)) this.resolve(this.#heard.value);
  }

  failed(error: unknown): void {
    if (!this.attempt.end(this)) return;
    this.#leave();
    this.reject(error);
  }

  /** Ends it. Nobody hears of it. */
  giveUp(): void {
    // It has ended by itself.
    if (this.#heard !== undefined) return;
    this.#leave();
    this.step.stop?.();
  }

  look(now: number): number | undefined {
    if (this.#heard !== undefined) {
      // In time, if not handed on yet.
      this.goOn();
      return undefined;
    }
    const { attemptMs, connectMs } = this.limits;
    const soFar = now - this.begunAt;
    if (soFar >= attemptMs) return this.#late(`There was no ${this.step.what} within ${attemptMs} ms.`);
    if (!this.connects || this.step.phase !== 'notSent') return attemptMs - soFar;
    if (soFar >= connectMs) return this.#late(`There was no connection within ${connectMs} ms.`);
    return Math.min(connectMs, attemptMs) - soFar;
  }

  #leave(): void {
    if (this.#heard === undefined) this.batch.leaveOut();
  }

  #late(explanation: string): undefined {
    const fault = new AttemptFault(this.step.phase, this.step.reason, explanation);
    if (!this.attempt.end(this)) return;
    this.giveUp();
    this.reject(fault);
  }
}
