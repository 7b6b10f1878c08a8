/**
 * Waits until something is so, turn by turn of the event loop.
 *
 * @throws Error if it is not so in time
 */
export async function until(isSo: () => boolean, withinMs = 4_000): Promise<void> {
  const giveUp = performance.now() + withinMs;
  while (!isSo()) {
    if (performance.now() > giveUp) throw new Error(`it never came true: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
