/**
 * Waits until something is so, looking again and again.
 *
 * @throws Error if it is not so after 30 seconds
 */
export async function eventually(isSo: () => boolean | Promise<boolean>, withinMs = 30_000): Promise<void> {
  const giveUp = Date.now() + withinMs;
  while (!(await isSo())) {
    if (Date.now() > giveUp) throw new Error(`it never came true: ${isSo.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
