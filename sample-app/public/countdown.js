import { element } from './elements.js';
import { BOOK } from './words.js';

/**
 * What the shop holds of an order, and when it closes itself: a line whose seconds {@link tick} counts down.
 *
 * @param book - the shop's entry
 */
export function countdown(book) {
  const line = element('span', { class: 'countdown' });
  if (book.state === 'PENDING') line.dataset.closeAt = String(book.closeAt);
  line.textContent = wordsOf(book);
  return line;
}

/** Writes the seconds that are left into every countdown on the page. */
export function tick() {
  for (const line of document.querySelectorAll('[data-close-at]')) {
    line.textContent = wordsOf({ state: 'PENDING', closeAt: Number(line.dataset.closeAt) });
  }
}

function wordsOf({ state, closeAt }) {
  if (state !== 'PENDING') return BOOK[state];
  const seconds = Math.ceil((closeAt - Date.now()) / 1_000);
  return seconds > 0 ? `Scheduled 已安排: closes itself in ${seconds} s` : 'Due 已到期: is being closed';
}
