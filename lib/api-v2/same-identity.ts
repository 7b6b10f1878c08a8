const MUST_COME_BACK = ['appid', 'mch_id', 'sub_mch_id'] as const;

/**
 * Whether an APIv2 reply speaks to the merchant that asked: `appid`, `mch_id` and `sub_mch_id` equal to ours, and
 * `sub_appid`, which WeChat Pay may leave out, equal where it is given.
 *
 * @param sent - the request's fields
 * @param received - the reply's
 */
export function sameIdentity(sent: ReadonlyMap<string, string>, received: ReadonlyMap<string, string>): boolean {
  const same = (name: string) => (received.get(name) ?? '') === (sent.get(name) ?? '');
  return MUST_COME_BACK.every(same) && ((received.get('sub_appid') ?? '') === '' || same('sub_appid'));
}
