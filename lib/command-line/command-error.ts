/** Codes of the system, such as ENOENT, and of the module loader. */
const NAMES_A_FILE = /^(?:E(?!RR_)[A-Z]+|(?:ERR_)?MODULE_NOT_FOUND|ERR_UNKNOWN_FILE_EXTENSION)$/;

/** A command that cannot do its work: bad arguments, or files that cannot be read. The message is for a person and holds no secret. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

/**
 * What may be said of somebody else's error. The system and the module loader name files, and their words help; those of
 * others might quote a key.
 *
 * @param error - whatever was thrown
 */
export function wordsOf(error: unknown): string {
  // Not `instanceof Error`: what a configuration file throws may be anything.
  if (typeof error !== 'object' || error === null) return `a value of type ${typeof error} was thrown`;
  const [name, code, message] = ['name', 'code', 'message'].map((key) => textOf(Reflect.get(error, key)));
  if (message !== undefined && NAMES_A_FILE.test(code ?? '')) return message;
  return `${/^\w{1,64}$/.test(name ?? '') ? name : 'an error'} (its words are not repeated, since they may quote a key)`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
