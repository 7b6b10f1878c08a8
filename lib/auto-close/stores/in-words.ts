/** What an engine said. Its errors may hold commands with a password, so no more than their message is told. */
export function inWords(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(inWords).join('; ');
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
