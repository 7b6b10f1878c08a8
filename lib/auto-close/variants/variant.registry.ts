import type { AnyCloseVariant } from '../../close-order/any-close-variant.js';
import { BUILT_IN_VARIANTS } from '../../close-order/variants/built-in-variants.js';

/** The variants that orders are scheduled with, by name: a store keeps the name alone. */
export class VariantRegistry {
  readonly #byName: ReadonlyMap<string, AnyCloseVariant>;

  /** @param own - the application's, in place of a built-in one of the same name */
  constructor(own: readonly AnyCloseVariant[]) {
    const all: readonly AnyCloseVariant[] = [...Object.values(BUILT_IN_VARIANTS), ...own];
    this.#byName = new Map(all.map((variant) => [variant.name, variant]));
  }

  /** The variant with this name. */
  find(name: string): AnyCloseVariant | undefined {
    return this.#byName.get(name);
  }

  /** Every name. */
  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }
}
