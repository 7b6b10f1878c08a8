/**
 * What is wrong with a notification on purpose.
 *
 * - `signTest`: WeChat Pay's own probe, a wrong signature that begins with `WECHATPAY/SIGNTEST/`.
 * - `wrongSignature`, `unsigned`: as they say; of APIv2 the `sign`.
 * - `wrongKey`: signed with a key that is not WeChat Pay's, under a serial that is; of APIv2 with another key.
 * - `unknownSerial`: APIv3, signed right, under a serial that nobody knows.
 * - `stale`, `future`: APIv3, signed 301 s ago, or 301 s from now.
 * - `flippedBody`: one bit of the body was changed after it was signed.
 * - `flippedCiphertext`, `wrongTag`, `wrongAssociatedData`, `shortNonce`, `wrongApiV3Key`: APIv3, signed right, and encrypted
 *   wrong.
 * - `otherSignType`: APIv2, signed right in the other algorithm.
 */
export type NotificationFault =
  | 'signTest'
  | 'wrongSignature'
  | 'unsigned'
  | 'wrongKey'
  | 'unknownSerial'
  | 'stale'
  | 'future'
  | 'flippedBody'
  | 'flippedCiphertext'
  | 'wrongTag'
  | 'wrongAssociatedData'
  | 'shortNonce'
  | 'wrongApiV3Key'
  | 'otherSignType';

/** Names and values to the letter. */
export type NotificationHeaders = readonly (readonly [name: string, value: string])[];

/** How a notification differs from the one that WeChat Pay would send. */
export interface NotificationChanges {
  readonly fault?: NotificationFault | undefined;
  /** APIv3: changes the JSON that is about to be encrypted. */
  readonly plain?: ((text: string) => string) | undefined;
  /** Changes the body before it is signed; of APIv2 the XML, whose `sign` is made before. */
  readonly body?: ((text: string) => string) | undefined;
  /** APIv2: changes the fields before they are signed. */
  readonly fields?: ((fields: Readonly<Record<string, string>>) => Readonly<Record<string, string>>) | undefined;
  /** Changes the headers at last. */
  readonly headers?: ((headers: NotificationHeaders) => NotificationHeaders) | undefined;
}

/** A notification as it goes over the wire. */
export interface NotificationMessage {
  readonly headers: NotificationHeaders;
  readonly body: Buffer;
}
