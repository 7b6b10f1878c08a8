import { UnauthenticatedError } from '../answers/unauthenticated.error.js';

const HEADER = /^(\S+) +(.*)$/;
const PARAMETER = /^(\w+)="([^"]*)"$/;
const NAMES = ['mchid', 'nonce_str', 'timestamp', 'serial_no', 'signature'] as const;

type Name = (typeof NAMES)[number];

/** What an `Authorization` header says, to the letter. */
export type ParsedAuthorization = Readonly<Record<Name, string>>;

/**
 * Reads the `Authorization` of an APIv3 request. The parameters may come in any order.
 *
 * @param header - the header's value
 * @param expected - the scheme that it must begin with
 * @throws {@link UnauthenticatedError} if it is missing or not well-formed
 * @see protocol: APIv3 request signing
 */
export function parseAuthorization(header: string | undefined, expected: string): ParsedAuthorization {
  if (header === undefined) throw new UnauthenticatedError('Authorization is missing');
  const [, scheme, parameters = ''] = HEADER.exec(header) ?? [];
  if (scheme !== expected) throw new UnauthenticatedError(`Authorization must begin with ${expected}`);
  const given = new Map<string, string>();
  for (const parameter of parameters.split(',')) {
    const [, name, value] = PARAMETER.exec(parameter.trim()) ?? [];
    if (name === undefined || value === undefined || given.has(name) || !isName(name)) {
      throw new UnauthenticatedError('Authorization has a parameter that is malformed, repeated or unknown');
    }
    given.set(name, value);
  }
  const required = (name: Name): string => {
    const value = given.get(name);
    if (!value) throw new UnauthenticatedError(`Authorization lacks ${name}`);
    return value;
  };
  return {
    mchid: required('mchid'),
    nonce_str: required('nonce_str'),
    timestamp: required('timestamp'),
    serial_no: required('serial_no'),
    signature: required('signature'),
  };
}

function isName(name: string): boolean {
  return NAMES.some((known) => known === name);
}
