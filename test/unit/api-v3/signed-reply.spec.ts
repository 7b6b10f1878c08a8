import { describe, expect, it } from '@jest/globals';

import { readSignature } from '../../../lib/api-v3/signed-reply.js';

const SCHEME = 'WECHATPAY2-SHA256-RSA2048';
const SECONDS = 1_554_209_980;
const signed: Record<string, readonly string[]> = {
  'wechatpay-timestamp': [String(SECONDS)],
  'wechatpay-nonce': ['c5ac7061fccab6bf3e254dcf98995b8c'],
  'wechatpay-signature': ['c2lnbmF0dXJl'],
  'wechatpay-serial': ['5157F09EFDC096DE15EBE81A47057A7232F1B8E1'],
};

function read(change: Record<string, readonly string[] | undefined> = {}, now = SECONDS * 1_000) {
  const headers = new Map<string, readonly string[]>();
  for (const [name, values] of Object.entries({ ...signed, ...change })) if (values) headers.set(name, values);
  return readSignature({ headers, body: Buffer.from('{}') }, SCHEME, now);
}

function reasonOf(...given: Parameters<typeof read>): string {
  const result = read(...given);
  if (result.kind === 'signed') return 'none';
  expect(result.doubt.phase).toBe('verify');
  return result.doubt.reason;
}

const NAMES = Object.keys(signed);

describe('readSignature', () => {
  it('gives what is to be verified', () => {
    expect(read()).toEqual({
      kind: 'signed',
      message: Buffer.from(`${SECONDS}\nc5ac7061fccab6bf3e254dcf98995b8c\n{}\n`),
      signature: signed['wechatpay-signature']?.[0],
      serial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
      nonce: 'c5ac7061fccab6bf3e254dcf98995b8c',
    });
  });

  it('tells a reply that claims no signature from one that claims half of one', () => {
    const none = Object.fromEntries(NAMES.map((name) => [name, undefined]));
    expect(reasonOf(none)).toBe('unsigned');
    for (const name of NAMES) expect([name, reasonOf({ ...none, [name]: signed[name] })]).toEqual([name, 'header']);
  });

  it.each(NAMES)('wants %s once and in visible ASCII', (name) => {
    const value = signed[name]?.[0] ?? '';
    const malformed = [undefined, [], [value, value], [''], [' '], [`${value} x`], [`é${value}`], [`${value}\u007f`]];
    for (const values of malformed) expect(reasonOf({ [name]: values })).toBe('header');
    expect(reasonOf({ [name]: ['9'.repeat(1_025)] })).toBe('header');
  });

  it.each(['wechatpay-nonce', 'wechatpay-signature', 'wechatpay-serial'])(
    'takes %s of 1 to 1024 visible characters',
    (name) => {
      for (const value of ['!', '~', 'x'.repeat(1_024)]) expect(reasonOf({ [name]: [value] })).toBe('none');
    },
  );

  it.each<[readonly string[] | undefined, string]>([
    [undefined, 'none'],
    [[SCHEME], 'none'],
    [['WECHATPAY2-SM2-WITH-SM3'], 'signature'],
    [[SCHEME, SCHEME], 'signature'],
    [[SCHEME, 'x'], 'signature'],
    [[''], 'signature'],
    [[], 'signature'],
  ])('judges the scheme %p', (claimed, reason) => {
    const result = read({ 'wechatpay-signature-type': claimed });
    expect(result.kind === 'doubt' ? result.doubt.reason : 'none').toBe(reason);
    if (result.kind === 'doubt') expect(result.doubt.explanation).toContain(SCHEME);
  });

  it.each([
    [0, 'none'],
    [300_000, 'none'],
    [300_999, 'none'],
    [301_000, 'time'],
    [-300_000, 'none'],
    [-300_001, 'time'],
    [-301_000, 'time'],
    [NaN, 'time'],
    [Infinity, 'time'],
    [-Infinity, 'time'],
  ])('judges a clock that is %d ms ahead of the reply', (ahead, reason) => {
    const result = read({}, SECONDS * 1_000 + ahead);
    expect(result.kind === 'doubt' ? result.doubt.reason : 'none').toBe(reason);
    if (result.kind === 'doubt') expect(result.doubt.explanation).toContain('more than 300 s');
  });

  it.each([
    '155420998',
    '15542099800',
    '+554209980',
    '1554209980.',
    '0x5ca3a3fc',
    '1.55420e09',
    'x1554209980',
    '1554209980x',
  ])('takes %s for no time', (timestamp) => {
    expect(reasonOf({ 'wechatpay-timestamp': [timestamp] }, Number(timestamp) * 1_000 || SECONDS * 1_000)).toBe('time');
  });
});
