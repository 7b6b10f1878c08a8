/**
 * Finds signers or verifiers by the scheme they speak. Where two speak the same one, the later registration wins: that
 * is how an application replaces a built-in.
 */
export class SchemeRegistry<T extends { readonly scheme: string }> {
  readonly #byScheme: ReadonlyMap<string, T>;

  /** @param members - built-ins first, the application's own after them */
  constructor(members: readonly T[]) {
    this.#byScheme = new Map(members.map((member) => [member.scheme, member]));
  }

  /** The member that speaks `scheme`, if there is one. */
  find(scheme: string): T | undefined {
    return this.#byScheme.get(scheme);
  }

  /** Every scheme that is spoken. */
  get schemes(): readonly string[] {
    return [...this.#byScheme.keys()];
  }
}
