/** A finished reply, as it goes over the wire. */
export interface EmulatorReply {
  readonly status: number;
  /** Names and values to the letter; a `Content-Length` is added where it is missing. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/**
 * An unsigned reply in JSON.
 *
 * @param status - HTTP status
 * @param value - the body, as JSON.stringify takes it
 * @param headers - further headers
 */
export function jsonReply(status: number, value: unknown, headers: EmulatorReply['headers'] = []): EmulatorReply {
  return {
    status,
    headers: [['Content-Type', 'application/json; charset=utf-8'], ...headers],
    body: Buffer.from(JSON.stringify(value)),
  };
}
