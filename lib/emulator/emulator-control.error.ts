/** A control call, in process or over HTTP, that asks for what cannot be. The message is a sentence that says why. */
export class EmulatorControlError extends Error {
  override readonly name = 'EmulatorControlError';
}
