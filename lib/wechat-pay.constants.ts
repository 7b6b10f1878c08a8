/** The package's version, sent in `User-Agent`. */
export const VERSION = '0.1.0';

/** Injection token of the {@link WechatPayModuleOptions} that `forRoot` was given. */
export const WECHAT_PAY_MODULE_OPTIONS = Symbol('WECHAT_PAY_MODULE_OPTIONS');

/** Injection token of the RxJS scheduler on which deadlines run. */
export const WECHAT_PAY_SCHEDULER = Symbol('WECHAT_PAY_SCHEDULER');

/** Injection token of how long calls under way may go on when the application shuts down, in milliseconds. */
export const WECHAT_PAY_SHUTDOWN_MS = Symbol('WECHAT_PAY_SHUTDOWN_MS');

/** APIv3's signature scheme with RSA keys, as it stands in `Authorization`. */
export const WECHATPAY2_SHA256_RSA2048 = 'WECHATPAY2-SHA256-RSA2048';

/** APIv2's keyed MD5, WeChat's default. */
export const MD5 = 'MD5';

/** APIv2's HMAC-SHA256, the default here. */
export const HMAC_SHA256 = 'HMAC-SHA256';

/** Where requests go unless `hosts` says otherwise. */
export const DEFAULT_HOSTS = {
  mainland: 'https://api.mch.weixin.qq.com',
  overseas: 'https://apihk.mch.weixin.qq.com',
} as const;

/**
 * Which host serves the same endpoints while the usual one is in trouble: `api2.mch` backs up `api.mch`, and `api.mch`
 * and `apihk.mch` back each other up (protocol §5).
 */
export const BACKUP_HOSTS = {
  mainland: 'https://api2.mch.weixin.qq.com',
  overseas: 'https://api.mch.weixin.qq.com',
} as const;

/** WeChat Pay's own API hosts (protocol: hosts and failover). */
export const WECHAT_PAY_HOSTS: ReadonlySet<string> = new Set([
  'api.mch.weixin.qq.com',
  'api2.mch.weixin.qq.com',
  'apihk.mch.weixin.qq.com',
  'apius.mch.weixin.qq.com',
  'apieu.mch.weixin.qq.com',
  'api.wechatpay.cn',
  'api2.wechatpay.cn',
]);

/** Wall-clock limit of one attempt, in milliseconds. */
export const DEFAULT_ATTEMPT_MS = 6_000;

/** Wall-clock limit of connecting, in milliseconds. */
export const DEFAULT_CONNECT_MS = 3_000;

/** How long calls under way may go on when the application shuts down, in milliseconds: far below Kubernetes' 30 s. */
export const DEFAULT_SHUTDOWN_MS = 5_000;

/** The most bytes of a reply's body that are read: 64 KiB. WeChat's replies stay under 2 kB. */
export const REPLY_BYTE_LIMIT = 65_536;

/** How far a signed reply's time may be from ours, in seconds, in both directions. */
export const CLOCK_WINDOW_SECONDS = 300;
