/**
 * The text that an APIv2 signature covers, before the key: every field but `sign` that has a value, sorted by name byte
 * by byte, joined as `name=value` with `&`. Values go in raw, without URL encoding.
 *
 * @param fields - the message's fields, names as on the wire
 * @see protocol: APIv2 signing, steps 1 to 3 — https://pay.weixin.qq.com/wiki/doc/api/jsapi.php?chapter=4_3
 */
export function canonicalString(fields: Iterable<readonly [string, string]>): string {
  const signed: (readonly [string, string])[] = [];
  for (const field of fields) if (field[0] !== 'sign' && field[1] !== '') signed.push(field);
  signed.sort(byName);
  let text = '';
  for (const [name, value] of signed) text += `${text === '' ? '' : '&'}${name}=${value}`;
  return text;
}

function byName([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : 1;
}
