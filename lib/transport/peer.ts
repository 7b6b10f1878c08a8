/** Where requests to an origin go. */
export interface Peer {
  readonly isSecure: boolean;
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  /** Absent where it is the scheme's own. */
  readonly port: string | undefined;
  /** How many requests to it are under way or wait for a connection. */
  underWay: number;
}

/**
 * Reads an origin.
 *
 * @param origin - scheme, host and port
 */
export function peerOf(origin: string): Peer {
  const { protocol, hostname, port } = new URL(origin);
  return {
    isSecure: protocol === 'https:',
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? undefined : port,
    underWay: 0,
  };
}
