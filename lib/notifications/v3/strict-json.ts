/** Every string of a JSON text, and every bracket and colon outside of strings. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:]/gu;

/**
 * Reads a JSON object that says everything once: in UTF-8, no name twice in an object, and none that is called `__proto__`.
 * Parsers do not agree on which of two equal names counts.
 *
 * @param bytes - as they were signed or encrypted
 * @returns `undefined` for anything else
 */
export function readStrictJson(bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return isRecord(value) && hasPlainNames(text) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @param text - JSON that a parser has taken */
function hasPlainNames(text: string): boolean {
  const objects: Set<unknown>[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') objects.push(new Set());
    else if (token === '}' || token === ']') objects.pop();
    else if (token === ':') {
      const name: unknown = JSON.parse(last);
      const names = objects.at(-1);
      if (name === '__proto__' || names === undefined || names.has(name)) return false;
      names.add(name);
    }
    last = token;
  }
  return true;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
