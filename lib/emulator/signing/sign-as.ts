import type { KeyObject } from 'node:crypto';

/** What to sign a reply with instead of what is right. Each API looks at its own fields only. */
export interface SignAs {
  /** APIv3: what `Wechatpay-Serial` says. */
  readonly serial?: string | undefined;
  /** APIv3 in the RSA scheme: the key to sign with; PEM text or a parsed key. */
  readonly privateKey?: string | KeyObject | undefined;
  /** APIv3: what `Wechatpay-Timestamp` says: Unix time in seconds, or any text. */
  readonly timestamp?: number | string | undefined;
  /** APIv3: what `Wechatpay-Nonce` says. */
  readonly nonce?: string | undefined;
  /** APIv2: the key to sign with. */
  readonly key?: string | undefined;
  /** APIv2: the algorithm. */
  readonly signType?: 'MD5' | 'HMAC-SHA256' | undefined;
}
