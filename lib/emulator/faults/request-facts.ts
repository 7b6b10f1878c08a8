import { MalformedXmlError } from '../../api-v2/malformed-xml.error.js';
import { decodeXml } from '../../api-v2/xml.codec.js';
import { pathOf, queryOf } from '../wire/emulator-request.js';
import type { EmulatorRequest } from '../wire/emulator-request.js';

/** What is known of a request before it is processed, and that faults are matched with. */
export interface RequestFacts {
  /** The path to the letter, without the query. */
  readonly path: string;
  /** The path template of its endpoint, if it has one. */
  readonly template: string | undefined;
  /** The order numbers of the merchant that it names, believed without proof. */
  readonly orderNumbers: ReadonlySet<string>;
}

const NAMES = ['out_trade_no', 'combine_out_trade_no'] as const;

/**
 * Gathers the facts of a request.
 *
 * @param request - the request, its body complete
 * @param template - the path template of its endpoint
 * @param numberOf - finds the number of the order that a transaction id means
 */
export function factsOf(
  request: EmulatorRequest,
  template: string | undefined,
  numberOf: (transactionId: string) => string | undefined,
): RequestFacts {
  const path = pathOf(request);
  const named = (name: string): readonly string[] => [
    ...parametersOf(path, template, name),
    ...queryOf(request).getAll(name),
    ...fieldsOf(request.body, name),
  ];
  const byId = named('transaction_id').flatMap((id) => numberOf(id) ?? []);
  return { path, template, orderNumbers: new Set([...NAMES.flatMap(named), ...byId]) };
}

function parametersOf(path: string, template: string | undefined, name: string): readonly string[] {
  const index = template?.split('/').indexOf(`{${name}}`) ?? -1;
  const given = path.split('/')[index];
  if (given === undefined) return [];
  try {
    return [decodeURIComponent(given)];
  } catch {
    return [given];
  }
}

function fieldsOf(body: Buffer, name: string): readonly string[] {
  const value = body.toString('latin1').trimStart().startsWith('<') ? xmlField(body, name) : jsonField(body, name);
  return value === undefined ? [] : [value];
}

function xmlField(body: Buffer, name: string): string | undefined {
  try {
    return decodeXml(body).get(name);
  } catch (error) {
    if (error instanceof MalformedXmlError) return undefined;
    throw error;
  }
}

function jsonField(body: Buffer, name: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString());
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    const value: unknown = Object.getOwnPropertyDescriptor(parsed, name)?.value;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
