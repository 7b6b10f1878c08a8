/** Ends a call whose sender could not be told for certain. WeChat Pay does not sign the answer. */
export class UnauthenticatedError extends Error {
  override readonly name = 'UnauthenticatedError';
}
