import type { AttemptFacts } from '../observability/call-observer.js';

/** What the conventions for HTTP want to know of an address. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly scheme: string;
  /** With the order's number and the merchant's, and nothing secret: what is signed goes into headers. */
  readonly full: string;
  /** The path with the names of what stands in it, such as `/…/out-trade-no/{out_trade_no}/close`. */
  readonly template: string;
}

/**
 * Reads the address of an attempt.
 *
 * @param attempt - whose
 */
export function addressOf({ origin, target, order }: AttemptFacts): Address {
  const { hostname, port, protocol } = new URL(origin);
  const numbers: [name: string, value: string][] = Object.entries(order);
  const names = new Map(numbers.map(([name, value]) => [encodeURIComponent(value), name]));
  const [path = ''] = target.split('?');
  const template = path
    .split('/')
    .map((part) => (names.has(part) ? `{${names.get(part)}}` : part))
    .join('/');
  const scheme = protocol.slice(0, -1);
  return {
    host: hostname,
    port: port === '' ? (scheme === 'https' ? 443 : 80) : Number(port),
    scheme,
    full: origin + target,
    template,
  };
}
