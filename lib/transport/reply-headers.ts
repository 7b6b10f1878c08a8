/** Every value of every header of a message, by lower-case name. A `Map` of them will do. */
export interface ReplyHeaders extends Iterable<readonly [name: string, values: readonly string[]]> {
  /** Its values in the order they came, or `undefined` where it did not come. */
  get(name: string): readonly string[] | undefined;
  has(name: string): boolean;
}

/**
 * Headers as Node's parser found them. Few of them are ever asked for, so they are searched instead of sorted into a `Map`; and
 * Node's own `headersDistinct` throws on a header that is named like a member of `Object.prototype`.
 */
export class RawHeaders implements ReplyHeaders {
  /** @param words - name, value, name, value … */
  constructor(private readonly words: readonly string[]) {}

  get(name: string): readonly string[] | undefined {
    let values: string[] | undefined;
    const { words } = this;
    for (let at = 0; at + 1 < words.length; at += 2) {
      if (!isNamed(words[at], name)) continue;
      const value = words[at + 1] ?? '';
      if (values === undefined) values = [value];
      else values.push(value);
    }
    return values;
  }

  has(name: string): boolean {
    return this.words.some((word, at) => at % 2 === 0 && isNamed(word, name));
  }

  *[Symbol.iterator](): Iterator<readonly [name: string, values: readonly string[]]> {
    const names = new Set(this.words.flatMap((word, at) => (at % 2 === 0 ? [word.toLowerCase()] : [])));
    for (const name of names) yield [name, this.get(name) ?? []];
  }
}

function isNamed(word: string | undefined, name: string): boolean {
  return word !== undefined && word.length === name.length && word.toLowerCase() === name;
}
