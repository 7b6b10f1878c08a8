import type { CertificateRegion } from '../../wechat-pay.options.js';

/** What {@link NotificationEndpoint} takes. */
export interface NotificationEndpointOptions {
  /**
   * The parameter of the route that holds the merchant number, such as `mchid` of `notify/:mchid`. Needed with a
   * `MerchantSource`, and with more than 20 merchants.
   */
  readonly merchantParam?: string;
  /** The merchant number, where the route is for one merchant alone. */
  readonly merchant?: string;
  /**
   * Whose platform certificates sign, where certificates are downloaded.
   *
   * @default 'mainland'
   */
  readonly region?: CertificateRegion;
}

/** Where the options of a handler are kept. */
export const NOTIFICATION_ENDPOINT = Symbol('NOTIFICATION_ENDPOINT');
