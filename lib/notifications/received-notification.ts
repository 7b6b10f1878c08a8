import type { CertificateRegion } from '../wechat-pay.options.js';

/** A request to `notify_url` as it came, before anybody parsed it. */
export interface ReceivedNotification {
  /** The raw bytes, at most 64 KiB. What a parser made of them and wrote again is not what was signed. */
  readonly body: Uint8Array;
  /** By lower-case name, such as `request.headers` of Node.js. A header that came twice is not believed. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** What is known of a notification from elsewhere than itself. */
export interface NotificationContext {
  /**
   * The merchant number that the notification must be for, such as a part of the path of `notify_url`. Without it, APIv3 tries
   * the listed merchants that believe the key, at most 20, and none of a `MerchantSource`: an APIv3 notification says whom it is
   * for only in what is encrypted.
   */
  readonly merchant?: string | undefined;
  /**
   * Whose platform certificates signed it, where certificates are downloaded.
   *
   * @default 'mainland'
   */
  readonly region?: CertificateRegion | undefined;
}

/** The headers as lists, by lower-case name. */
export function headerLists(headers: ReceivedNotification['headers']): ReadonlyMap<string, readonly string[]> {
  const lists = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue;
    const key = name.toLowerCase();
    lists.set(key, [...(lists.get(key) ?? []), ...(typeof value === 'string' ? [value] : value)]);
  }
  return lists;
}
