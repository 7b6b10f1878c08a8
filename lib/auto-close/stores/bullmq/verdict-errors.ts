import type { Report } from './close-record.js';

/** The least that a job waits: one without any delay would be in the workers' hands at once, and could not be cancelled. */
export const LEAST_DELAY_MS = 1;

/** How long a job waits after the engine itself failed it. */
const AFTER_ENGINE_MS = 5_000;

/** Makes BullMQ try a job again after a while. Its message is what BullMQ keeps. */
export class AgainError extends Error {
  override readonly name = 'AgainError';

  /**
   * @param report - what is kept
   * @param afterMs - how long to wait
   */
  constructor(
    report: Report,
    readonly afterMs: number,
  ) {
    super(JSON.stringify(report));
  }
}

/** Makes BullMQ hold a job among those that failed. Its message is what BullMQ keeps; BullMQ goes by the name. */
export class HeldError extends Error {
  override readonly name = 'UnrecoverableError';

  /** @param report - what is kept */
  constructor(report: Report | string) {
    super(typeof report === 'string' ? report : JSON.stringify(report));
  }
}

/** How long BullMQ waits before it tries a job again. */
export function delayAfter(_attempts: number, _type?: string, error?: Error): number {
  return error instanceof AgainError ? Math.max(LEAST_DELAY_MS, error.afterMs) : AFTER_ENGINE_MS;
}
