/**
 * What an error says. The application's code may throw anything, also what cannot be made text.
 *
 * @param error - of whatever kind
 */
export function saidBy(error: unknown): string {
  if (error instanceof Error) return error.message;
  try {
    return String(error);
  } catch {
    return 'something was thrown that is no error';
  }
}
