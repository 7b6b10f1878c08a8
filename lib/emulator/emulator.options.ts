import type { EmulatorKeys } from './keys/emulator-keys.js';
import type { EmulatorScheme } from './signing/emulator-scheme.js';

/** A merchant that the emulator knows. Everything but its number is made up if it is left out. */
export interface EmulatorMerchantOptions {
  /** The merchant number: 1 to 32 digits. */
  readonly mchid: string;
  /** @default 'wx8888888888888888' */
  readonly appid?: string;
  /**
   * Sub-merchants that it may act for as a service provider or institution.
   *
   * @default []
   */
  readonly subMchids?: readonly string[];
  /**
   * Whether the hk and global endpoints are open to it.
   *
   * @default true
   */
  readonly overseas?: boolean;
  /** APIv2 key: 32 characters. */
  readonly apiV2Key?: string;
  /** APIv3 key: 32 bytes. */
  readonly apiV3Key?: string;
  /** Serial number of its API certificate: hex. */
  readonly serialNo?: string;
  /** Its API private key: RSA, PEM. */
  readonly privateKey?: string;
  /**
   * The public half of its API private key: RSA, PEM. Given instead of the private key where that stays elsewhere, such as in a
   * KMS. {@link WechatPayEmulator.options} has no `privateKey` then, so that the module needs a signer that holds the key.
   */
  readonly publicKey?: string;
}

/** What {@link WechatPayEmulator.start} takes. */
export interface EmulatorOptions {
  /**
   * TCP port; 0 takes a free one.
   *
   * @default 0
   */
  readonly port?: number;
  /**
   * Address to listen at. The control API asks for no password, so keep it on loopback.
   *
   * @default '127.0.0.1'
   */
  readonly host?: string;
  /** Keys to share with other emulators of the process; new ones by default. */
  readonly keys?: EmulatorKeys;
  /**
   * The merchants; the first one is the default of {@link WechatPayEmulator.place}.
   *
   * @default {@link DEFAULT_MERCHANT}
   */
  readonly merchants?: readonly EmulatorMerchantOptions[];
  /**
   * How closing an order that was never placed is answered: both are seen of the real WeChat Pay. Queries always answer
   * that there is no such order.
   *
   * @default 'notFound'
   */
  readonly unknownOrder?: UnknownOrder;
  /**
   * APIv3 schemes that it speaks besides `WECHATPAY2-SHA256-RSA2048`, such as `WECHATPAY2-SM2-WITH-SM3`.
   *
   * @default []
   */
  readonly schemes?: readonly EmulatorScheme[];
  /**
   * Where payments are notified of orders that name no `notify_url`: on this machine, over `http:`. Without it, only orders that
   * name one are notified. To another machine nothing is ever sent.
   */
  readonly notifyUrl?: string;
}

/** How closing an order that was never placed is answered. */
export type UnknownOrder = 'notFound' | 'closed';

/** The appid of a merchant that names none. */
export const DEFAULT_APPID = 'wx8888888888888888';

/** The merchant that is there if none is given: a direct merchant, a service provider and an institution at once. */
export const DEFAULT_MERCHANT: EmulatorMerchantOptions = {
  mchid: '1900000109',
  appid: DEFAULT_APPID,
  subMchids: ['1230000109'],
};
