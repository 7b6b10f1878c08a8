import type { V2SignType } from '../signing/v2-sign.js';

/** Where and in which form the payment of an order is notified. */
export interface NotifyTarget {
  /** `notify_url`. Nothing is sent but to this machine over `http:`. */
  readonly url: string;
  /** The API that the order was placed with. */
  readonly api: 'v2' | 'v3';
  /** APIv2: how the order was signed, and so how the notification is. */
  readonly signType?: V2SignType | undefined;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Whether notifications may go there. An emulator of somebody's test must not call the shop that a copied `notify_url` names.
 *
 * @param url - `notify_url`
 */
export function isOwnMachine(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && LOOPBACK.test(hostname);
}
