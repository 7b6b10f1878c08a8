import type { KeyObject, X509Certificate } from 'node:crypto';

/** A secret of 32 characters: as text, as bytes, or as a `KeyObject` of type `secret`. */
export type SecretInput = string | Uint8Array | KeyObject;

/** A private or public key: PEM text, PEM or DER bytes, or a parsed `KeyObject`. */
export type KeyInput = string | Uint8Array | KeyObject;

/** A certificate: PEM text, PEM or DER bytes, or a parsed `X509Certificate`. */
export type CertificateInput = string | Uint8Array | X509Certificate;

/** What a merchant needs for APIv2 (`POST /pay/closeorder`). */
export interface ApiV2Options {
  /** The APIv2 key (商户平台 → API安全 → APIv2密钥): exactly 32 characters. */
  readonly key: SecretInput;
  /**
   * How requests are signed where a request does not say (`sign_type`): `MD5`, `HMAC-SHA256`, or the scheme of a signer
   * of your own. A reply must be signed the same way.
   *
   * @default 'HMAC-SHA256'
   */
  readonly signType?: string;
}

/** What a merchant needs for APIv3: its own key to sign with, and WeChat Pay's keys to believe. */
export interface ApiV3Options {
  /** Serial number of the merchant's API certificate: hex, leading zeros included. */
  readonly serialNo: string;
  /**
   * The merchant's API private key (`apiclient_key.pem`): unencrypted; RSA, or what the scheme's signer takes, see
   * {@link Signer.keyFault}. It may be left out only where a signer of your own holds the key, see {@link Signer.holdsKey}.
   */
  readonly privateKey?: KeyInput;
  /** WeChat Pay public keys by their id, `PUB_KEY_ID_…`. The first one is asked for in `Wechatpay-Serial`. */
  readonly publicKeys?: Readonly<Record<string, KeyInput>>;
  /** WeChat Pay *platform* certificates, not the merchant's own. Each is known by the serial number inside it. */
  readonly certificates?: readonly CertificateInput[];
  /** The APIv3 key: exactly 32 bytes. It decrypts the certificates that are downloaded, and notifications; closing with given keys does without. */
  readonly apiV3Key?: SecretInput;
  /**
   * Whether WeChat Pay's platform certificates are downloaded and kept up to date, with `apiV3Key`: `true` from the first call
   * on; `{ atStart: ['mainland'] }` also before the application starts, which fails if they cannot be had; `false` never.
   * Given keys are believed all the same.
   *
   * @default true where there are neither `publicKeys` nor `certificates`, otherwise false
   */
  readonly downloadCertificates?: boolean | CertificateDownloadOptions;
  /**
   * The scheme named in `Authorization`, which chooses the signer and the verifier.
   *
   * @default 'WECHATPAY2-SHA256-RSA2048'
   */
  readonly scheme?: string;
}

/**
 * Which of WeChat Pay's lists of platform certificates: `mainland` for every variant but the global and Hong Kong ones
 * (`/v3/certificates`), `global` (`/v3/global/certificates`), `hk` (`/hk/v3/certificates`).
 */
export type CertificateRegion = 'mainland' | 'global' | 'hk';

/** How platform certificates are downloaded. */
export interface CertificateDownloadOptions {
  /** The lists to download before the application starts; the others follow when they are needed. */
  readonly atStart: readonly CertificateRegion[];
}

/** One merchant number and its keys. A service provider or an overseas institution is a merchant, too. */
export interface MerchantOptions {
  /** The merchant number (商户号): 1 to 32 digits. */
  readonly mchid: string;
  /** The appid bound to it; fills in `appid` of APIv2 requests. */
  readonly appid?: string;
  /** Given if the merchant uses APIv2. */
  readonly apiV2?: ApiV2Options;
  /** Given if the merchant uses APIv3. */
  readonly apiV3?: ApiV3Options;
}

/** Where requests go: an origin such as `https://api2.mch.weixin.qq.com`, without a path. */
export interface HostOptions {
  /**
   * For every variant but the global ones.
   *
   * @default 'https://api.mch.weixin.qq.com'
   */
  readonly mainland?: string;
  /**
   * For the global variants.
   *
   * @default 'https://apihk.mch.weixin.qq.com'
   */
  readonly overseas?: string;
}

/** Which hosts take over, as origins like those of {@link HostOptions}. */
export interface FailoverOptions {
  /**
   * For every variant but the global ones.
   *
   * @default 'https://api2.mch.weixin.qq.com'
   */
  readonly mainland?: string;
  /**
   * For the global variants.
   *
   * @default 'https://api.mch.weixin.qq.com'
   */
  readonly overseas?: string;
}

/** Time limits, in milliseconds. */
export interface TimeoutOptions {
  /**
   * Wall-clock limit of connecting, TLS included. 1 to 600,000.
   *
   * @default 3000
   */
  readonly connectMs?: number;
  /**
   * Wall-clock limit of one attempt, from connecting to the last byte of the reply's body. 1 to 600,000.
   *
   * @default 6000
   */
  readonly attemptMs?: number;
  /**
   * Wall-clock limit of a whole call: attempts, pauses between them and queries. 1 to 600,000.
   *
   * @default 15000
   */
  readonly totalMs?: number;
  /**
   * How long calls under way may go on when the application shuts down, before they end as unknown. 0 to 600,000.
   *
   * @default 5000
   */
  readonly shutdownMs?: number;
}

/** How attempts are repeated that met a network fault, a server error or a rate limit. Each is signed afresh. */
export interface RetryOptions {
  /**
   * How many attempts there are at most, the first one included. 1 to 10.
   *
   * @default 3
   */
  readonly attempts?: number;
  /**
   * The most that the first retry waits, in milliseconds; doubled for each further one, with full jitter. 0 to 60,000.
   *
   * @default 200
   */
  readonly baseMs?: number;
  /**
   * The most that any retry waits, in milliseconds. 0 to 60,000.
   *
   * @default 2000
   */
  readonly maxMs?: number;
}

/** How merchants are kept that a {@link MerchantSource} found. */
export interface MerchantCacheOptions {
  /**
   * How many are kept at most; the one that was used the longest ago goes first. 1 to 100,000.
   *
   * @default 1000
   */
  readonly max?: number;
  /**
   * How long one is kept, in milliseconds; after that the source is asked again. 0 to 86,400,000; 0 keeps none. That the
   * source does not know a number is remembered as long, but at most for 10 s.
   *
   * @default 600000
   */
  readonly ttlMs?: number;
}

/** What {@link WechatPayModule.forRoot} takes. Everything is checked when the module starts. */
export interface WechatPayModuleOptions {
  /**
   * The merchants that sign, at least one; no number twice. With a `merchantSource` there may be none. A merchant that is
   * listed here is never looked for elsewhere.
   */
  readonly merchants?: readonly MerchantOptions[];
  /** How merchants are kept that the `merchantSource` found. */
  readonly merchantCache?: MerchantCacheOptions;
  /** Where requests go; WeChat Pay's own hosts by default. The emulator's options point it at the emulator. */
  readonly hosts?: HostOptions;
  /**
   * Allows a host that is neither WeChat Pay's nor this machine, such as a gateway of your own. It must be https.
   *
   * @default false
   */
  readonly allowOtherHosts?: boolean;
  /**
   * Whether a second host takes over while the usual one is in trouble: `true` for WeChat Pay's documented backups, or
   * hosts of your own. A retry after a network fault goes to the other host; after 5 failed connections in a row, or more
   * than half of at least 20 attempts in 30 s, all requests do, and a few probes find out when the usual host is back.
   * Every attempt is signed anew.
   *
   * @default false
   */
  readonly failover?: boolean | FailoverOptions;
  /**
   * A forward proxy that every request goes through, such as `http://user:password@proxy.example:3128`; `http:` or
   * `https:`. Requests are tunnelled with CONNECT, so the proxy sees host names alone. The proxy variables of the
   * environment are not read.
   */
  readonly proxy?: string;
  /** Time limits. */
  readonly timeouts?: TimeoutOptions;
  /** Retries. */
  readonly retry?: RetryOptions;
  /**
   * When a signed query decides: `never`; `onDoubt`, when the reply is missing, not proven, indefinite or 202; `always`, also
   * after a verified reply, since a signed 204 names no order and the answer to a query does.
   *
   * @default 'onDoubt'
   */
  readonly confirm?: 'never' | 'onDoubt' | 'always';
  /**
   * The least important lines that are logged, through Nest's Logger under the context `WechatPay`: `'log'` for all, `'warn'`,
   * `'error'`, or `false` for none. A call that succeeds is never logged; what is, is the end of a call that a person may have
   * to act on, a clock that is off, a switch of hosts, or platform certificates that cannot be downloaded.
   *
   * @default 'log'
   */
  readonly logging?: 'error' | 'warn' | 'log' | false;
}
