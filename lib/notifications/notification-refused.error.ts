/**
 * Why a notification was refused. Until its signature is proven:
 *
 * - `tooLarge`: more than 64 KiB.
 * - `unsigned`: it carries no signature. `header`: a signature header is missing, repeated or malformed.
 * - `stale`: signed more than 300 s before or after this machine's time.
 * - `unknownMerchant`: no merchant of that number, or it must be told by the route. `unknownKey`: signed with a key that the
 *   merchant does not believe.
 * - `signature`: the signature is wrong. WeChat Pay sends such probes on purpose (`WECHATPAY/SIGNTEST/`), and wants them refused.
 * - `notConfigured`: the merchant lacks the key that this takes. `merchantSource`, `verifier`: code of the application failed.
 *
 * And after that:
 *
 * - `replayed`: these very bytes were believed before, as a notification or as a reply.
 * - `malformed`: not what the protocol says; also before the signature is proven where there is nothing to verify.
 * - `notPayment`: it tells of no successful payment.
 * - `decryption`: it was not encrypted with the merchant's APIv3 key, or has been changed.
 * - `otherMerchant`: it is for another merchant than the one whose keys prove it.
 */
export type NotificationRefusal =
  | 'tooLarge'
  | 'unsigned'
  | 'header'
  | 'stale'
  | 'unknownMerchant'
  | 'unknownKey'
  | 'signature'
  | 'notConfigured'
  | 'merchantSource'
  | 'verifier'
  | 'replayed'
  | 'malformed'
  | 'notPayment'
  | 'decryption'
  | 'otherMerchant';

const STATUS: Readonly<Record<NotificationRefusal, number>> = {
  tooLarge: 413,
  unsigned: 401,
  header: 401,
  stale: 401,
  unknownMerchant: 404,
  unknownKey: 401,
  signature: 401,
  notConfigured: 500,
  merchantSource: 500,
  verifier: 500,
  replayed: 401,
  malformed: 400,
  notPayment: 400,
  decryption: 400,
  otherMerchant: 400,
};

/**
 * A notification that must not be acted on. WeChat Pay is to be answered with `statusCode`, and sends a notification that is its
 * own again. It holds nothing of the notification, and no secret.
 */
export class NotificationRefusedError extends Error {
  override readonly name = 'NotificationRefusedError';
  /** What to answer: 4xx, or 5xx where this application is at fault. */
  readonly statusCode: number;

  /**
   * @param api - whose form the notification has
   * @param reason - tells the refusals apart
   * @param explanation - one sentence or more for a person: what was found, and what to do
   */
  constructor(
    readonly api: 'v2' | 'v3',
    readonly reason: NotificationRefusal,
    explanation: string,
  ) {
    super(`The payment notification was refused: ${explanation}`);
    this.statusCode = STATUS[reason];
  }
}
