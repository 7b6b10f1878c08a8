/** How a variant's orders are queried, and what the answer must name so that one about another order is not believed. */
export interface OrderQuery<TComplete> {
  /** Path and query, percent-encoded; of APIv2 the path. */
  target(complete: TComplete): string;
  /** The order's number: under which names it may stand in the answer, and what it must be. */
  number(complete: TComplete): readonly [names: readonly string[], value: string];
  /** The parties as sent. At least one must come back, and none may come back changed. */
  parties(complete: TComplete): Readonly<Record<string, string | undefined>>;
  /** The parts of a combined order, which must all come back. */
  parts?(complete: TComplete): readonly QueriedPart[];
}

/** A part of a combined order. */
export interface QueriedPart {
  readonly mchid: string;
  readonly sub_mchid?: string | undefined;
  readonly out_trade_no: string;
}

/**
 * Writes a query string of what is given.
 *
 * @param parameters - those that are `undefined` are left out
 */
export function queryString(parameters: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(parameters)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
}
