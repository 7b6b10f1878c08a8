/**
 * Waits until something is so, turn by turn of the event loop.
 *
 * @throws Error if it is not so after 2 seconds
 */
export async function until(isSo: () => boolean): Promise<void> {
  const giveUp = performance.now() + 2_000;
  while (!isSo()) {
    if (performance.now() > giveUp) throw new Error(`it never came true: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
