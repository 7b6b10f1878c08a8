import type { CloseVariant } from './close-variant.js';

/** A variant of whatever request: a request is validated by the variant's own schema wherever it is used. */
export type AnyCloseVariant = CloseVariant<unknown, unknown>;
