import { types } from 'node:util';

import fc from 'fast-check';

/** Any value at all. */
export const junk: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<unknown[]>(
      '',
      ' ',
      '1900000109',
      'https://api.mch.weixin.qq.com',
      'http://127.0.0.1:1/x',
      '-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----',
      'PUB_KEY_ID_01',
      'always',
      NaN,
      -1,
      Infinity,
      10 ** 9,
      Symbol('x'),
      () => {},
      [],
      {},
      Object.create(null),
      Buffer.alloc(32, 'k'),
      { toUpperCase: 1, length: 'x', map: null },
    ),
  },
);

/** Values that throw when they are looked at. */
export const hostile: fc.Arbitrary<unknown> = fc.constantFrom<unknown[]>(
  new Proxy({}, { ownKeys: failing }),
  Object.assign([{}], { map: 1 }),
  {
    get mchid(): never {
      return failing();
    },
    get key(): never {
      return failing();
    },
    get mainland(): never {
      return failing();
    },
    get totalMs(): never {
      return failing();
    },
  },
);

function failing(): never {
  throw new Error('a getter or a proxy of the application failed');
}

/** Replaces one place of a value by another. */
export interface Replacement {
  /** Picks the place: at each level a member, until the picks or the levels run out. */
  readonly at: readonly number[];
  readonly put: unknown;
  /** Whether the name is replaced, not the value. */
  readonly asName?: boolean;
}

/**
 * A copy of a value in which one place is another.
 *
 * @param value - plain objects, arrays and whatever they hold
 * @param replacement - where, and what goes there
 */
export function replaced(value: unknown, { at: [pick, ...rest], put, asName }: Replacement): unknown {
  const isHolder =
    (Array.isArray(value) || Object.getPrototypeOf(Object(value)) === Object.prototype) && !types.isProxy(value);
  if (pick === undefined || typeof value !== 'object' || value === null || !isHolder) return put;
  const names = Object.entries(Object.getOwnPropertyDescriptors(value));
  if (names.some(([, { get }]) => get !== undefined)) return put;
  const entries = Object.entries(value);
  const chosen = pick % (entries.length + 1);
  const isLast = rest.length === 0;
  const changed = entries.map(([name, member], index): [string, unknown] => {
    if (index !== chosen) return [name, member];
    if (isLast && asName === true) return [String(put), member];
    return [name, replaced(member, { at: rest, put, ...(asName !== undefined && { asName }) })];
  });
  if (chosen === entries.length) changed.push(asName === true ? [String(put), 1] : ['extra', put]);
  return Array.isArray(value) ? changed.map(([, member]) => member) : Object.fromEntries(changed);
}
