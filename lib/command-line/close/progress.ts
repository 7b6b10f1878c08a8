import type { Terminal } from '../terminal.js';
import { loadProgress, NO_PROGRESS } from './packages.js';

/** Shows how far the work is. */
export interface Progress {
  /** One more order has ended. */
  readonly step: (isClosed: boolean) => void;
  readonly stop: () => void;
}

const FORMAT = '{bar} {percentage}% | {value} of {total} | {closed} closed, {others} others | {eta_formatted} left';
const NONE: Progress = { step: () => {}, stop: () => {} };

/**
 * Draws a progress bar where a person is looking.
 *
 * @param terminal - whose screen
 * @param total - how many orders are left
 */
export async function openProgress(terminal: Terminal, total: number): Promise<Progress> {
  if (terminal.screen === undefined || total === 0) return NONE;
  const packaged = await loadProgress();
  if (packaged === undefined) {
    terminal.complain(NO_PROGRESS);
    return NONE;
  }
  const bar = new packaged.SingleBar({ stream: terminal.screen, format: FORMAT, hideCursor: true, etaBuffer: 200 });
  const counts = { closed: 0, others: 0 };
  bar.start(total, 0, counts);
  return {
    step: (isClosed) => {
      if (isClosed) counts.closed++;
      else counts.others++;
      bar.increment(1, counts);
    },
    stop: () => bar.stop(),
  };
}
