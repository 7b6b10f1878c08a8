/** Where requests to an origin go. */
export interface Peer {
  readonly isSecure: boolean;
  /** Without the brackets of an IPv6 address. */
  readonly hostname: string;
  /** Absent where it is the scheme's own. */
  readonly port: string | undefined;
  /** As it stands in `Host`: with the brackets, and with the port where it is not the scheme's own. */
  readonly host: string;
}

/**
 * Reads an origin.
 *
 * @param origin - scheme, host and port
 */
export function peerOf(origin: string): Peer {
  const { protocol, hostname, port, host } = new URL(origin);
  return {
    isSecure: protocol === 'https:',
    hostname: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? undefined : port,
    host,
  };
}
