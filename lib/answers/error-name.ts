/** What names of errors look like. Anything else may be a secret that was put there. */
const ERROR_NAME = /^[A-Za-z]{0,56}(?:Error|Exception)$/;

/**
 * What may be told of an error that code of the application's own threw: the name of its kind, and nothing of what it says. It
 * takes nothing for granted and does not throw.
 *
 * @param error - whatever was thrown
 */
export function errorName(error: unknown): string {
  try {
    // Read once: a getter may say something else the next time.
    const name: unknown = error instanceof Error ? error.name : undefined;
    if (typeof name === 'string' && ERROR_NAME.test(name)) return name;
  } catch {
    // A getter or a proxy that throws.
  }
  return typeof error;
}
