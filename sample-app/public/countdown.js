/**
 * What is left until an order closes itself.
 *
 * @param order - as the shop tells it
 * @param {number} now in milliseconds
 * @returns {{ words: string, left: number } | undefined} nothing where it does not close itself any more
 */
export function countdownOf({ book, changes }, now) {
  if (book?.state !== 'PENDING') return undefined;
  const left = book.closeAt - now;
  const whole = book.closeAt - changes[0].at;
  const words = left > 0 ? `Closes itself in ${Math.ceil(left / 1_000)} s` : 'Its time is up: it is being closed';
  return { words, left: Math.min(1, Math.max(0, left / whole)) };
}
