import { describe, expect, it } from '@jest/globals';

import type { CloseVariant, MerchantIdentity } from '../../../lib/close-order/close-variant.js';
import { combineVariant } from '../../../lib/close-order/variants/combine.variant.js';
import { directVariant } from '../../../lib/close-order/variants/direct.variant.js';
import { globalByIdVariant, globalByOutTradeNoVariant } from '../../../lib/close-order/variants/global.variant.js';
import { hkByIdVariant, hkByOutTradeNoVariant } from '../../../lib/close-order/variants/hk.variant.js';
import { partnerVariant } from '../../../lib/close-order/variants/partner.variant.js';
import { repaymentVariant } from '../../../lib/close-order/variants/repayment.variant.js';
import { v2Variant } from '../../../lib/close-order/variants/v2.variant.js';

const merchant: MerchantIdentity = { mchid: '1900000109', appid: 'wx2421b1c4370ec43b' };

/** All that a variant makes of a request. */
function facts<TRequest, TComplete>(variant: CloseVariant<TRequest, TComplete>, request: TRequest) {
  const checked = variant.request.parse(request);
  const complete = variant.complete.parse(variant.fill(checked, merchant));
  const { query } = variant;
  return {
    signer: variant.merchantNumber(checked),
    complete,
    order: variant.order(complete),
    path: variant.path(complete),
    sent: variant.api === 'v2' ? variant.fields(complete) : variant.body(complete),
    target: query?.target(complete),
    number: query?.number(complete),
    parties: query?.parties(complete),
    parts: query?.parts?.(complete),
  };
}

const binding = { ms: 300_000, isBinding: true };
const advised = { ms: 300_000, isBinding: false };

it.each([
  { variant: v2Variant, is: ['v2', 'v2', 'mainland', binding] },
  { variant: directVariant, is: ['direct', 'v3', 'mainland', advised] },
  { variant: partnerVariant, is: ['partner', 'v3', 'mainland', advised] },
  { variant: combineVariant, is: ['combine', 'v3', 'mainland', undefined] },
  { variant: repaymentVariant, is: ['repayment', 'v3', 'mainland', undefined] },
  { variant: hkByIdVariant, is: ['hkById', 'v3', 'mainland', advised] },
  { variant: hkByOutTradeNoVariant, is: ['hkByOutTradeNo', 'v3', 'mainland', advised] },
  { variant: globalByIdVariant, is: ['globalById', 'v3', 'overseas', advised] },
  { variant: globalByOutTradeNoVariant, is: ['globalByOutTradeNo', 'v3', 'overseas', advised] },
])('$is.0: has its name, its API, its host and its age', ({ variant, is }) => {
  const { name, api, host, minimumAge } = variant;
  expect([name, api, host, minimumAge]).toEqual(is);
});

describe('v2', () => {
  it('names no sub-merchant where there is none', () => {
    expect(facts(v2Variant, { out_trade_no: '123456' }).order).toStrictEqual({ out_trade_no: '123456' });
  });

  it('fills in the merchant and its appid', () => {
    expect(facts(v2Variant, { out_trade_no: 'a|b*12' })).toEqual({
      signer: undefined,
      complete: { out_trade_no: 'a|b*12', mch_id: '1900000109', appid: 'wx2421b1c4370ec43b' },
      order: { out_trade_no: 'a|b*12' },
      path: '/pay/closeorder',
      sent: { out_trade_no: 'a|b*12', mch_id: '1900000109', appid: 'wx2421b1c4370ec43b' },
      target: '/pay/orderquery',
      number: [['out_trade_no'], 'a|b*12'],
      parties: { appid: 'wx2421b1c4370ec43b', mch_id: '1900000109', sub_mch_id: undefined },
      parts: undefined,
    });
  });

  it('keeps what is given', () => {
    const request = {
      out_trade_no: '123456',
      mch_id: '1',
      appid: 'wx1',
      sub_mch_id: '2',
      sub_appid: 'wx2',
      nonce_str: 'n',
      sign_type: 'HMAC-SHA256' as const,
    };
    expect(facts(v2Variant, request)).toMatchObject({
      signer: '1',
      complete: request,
      order: { out_trade_no: '123456', sub_mchid: '2' },
      sent: request,
      parties: { appid: 'wx1', mch_id: '1', sub_mch_id: '2' },
    });
  });

  it.each(['', 'a'.repeat(33), 'a-b', ' a', 'a\n'])('takes %j for no nonce_str', (nonce_str) => {
    expect(v2Variant.request.safeParse({ out_trade_no: '123456', nonce_str }).success).toBe(false);
  });

  it.each(['MD5', 'HMAC-SHA256'])('signs with %s', (sign_type) => {
    expect(v2Variant.request.safeParse({ out_trade_no: '123456', nonce_str: 'a'.repeat(32), sign_type }).success).toBe(
      true,
    );
  });

  it('checks what was filled in', () => {
    const complete = { out_trade_no: '123456', mch_id: '1', appid: 'wx1' };
    const isComplete = (change: object) => v2Variant.complete.safeParse({ ...complete, ...change }).success;
    expect(isComplete({})).toBe(true);
    expect(isComplete({ appid: undefined })).toBe(false);
    expect(isComplete({ mch_id: undefined })).toBe(false);
    expect(isComplete({ sub_appid: 'wx2' })).toBe(false);
    expect(isComplete({ sign: 'x' })).toBe(false);
    const unpaired = v2Variant.complete.safeParse({ ...complete, sub_appid: 'wx2' });
    expect(unpaired.error?.issues.map(({ path }) => path)).toEqual([['sub_appid']]);
  });
});

describe('direct', () => {
  it('fills in the merchant, and encodes the number', () => {
    expect(facts(directVariant, { out_trade_no: 'a|b*12' })).toEqual({
      signer: undefined,
      complete: { out_trade_no: 'a|b*12', mchid: '1900000109' },
      order: { out_trade_no: 'a|b*12' },
      path: '/v3/pay/transactions/out-trade-no/a%7Cb*12/close',
      sent: { mchid: '1900000109' },
      target: '/v3/pay/transactions/out-trade-no/a%7Cb*12?mchid=1900000109',
      number: [['out_trade_no'], 'a|b*12'],
      parties: { mchid: '1900000109' },
      parts: undefined,
    });
  });

  it('keeps the merchant that is given, which signs', () => {
    expect(facts(directVariant, { out_trade_no: '123456', mchid: '1' })).toMatchObject({
      signer: '1',
      sent: { mchid: '1' },
      parties: { mchid: '1' },
    });
  });

  it('checks what was filled in', () => {
    expect(directVariant.complete.safeParse({ out_trade_no: '123456' }).success).toBe(false);
    expect(directVariant.complete.safeParse({ out_trade_no: '123456', mchid: '1', x: 1 }).success).toBe(false);
  });
});

describe('partner', () => {
  it('fills in the service provider', () => {
    expect(facts(partnerVariant, { out_trade_no: 'a|b*12', sub_mchid: '2' })).toEqual({
      signer: undefined,
      complete: { out_trade_no: 'a|b*12', sub_mchid: '2', sp_mchid: '1900000109' },
      order: { out_trade_no: 'a|b*12', sub_mchid: '2' },
      path: '/v3/pay/partner/transactions/out-trade-no/a%7Cb*12/close',
      sent: { sp_mchid: '1900000109', sub_mchid: '2' },
      target: '/v3/pay/partner/transactions/out-trade-no/a%7Cb*12?sp_mchid=1900000109&sub_mchid=2',
      number: [['out_trade_no'], 'a|b*12'],
      parties: { sp_mchid: '1900000109', sub_mchid: '2' },
      parts: undefined,
    });
  });

  it('keeps the service provider that is given, which signs', () => {
    expect(facts(partnerVariant, { out_trade_no: '123456', sub_mchid: '2', sp_mchid: '1' })).toMatchObject({
      signer: '1',
      sent: { sp_mchid: '1', sub_mchid: '2' },
    });
  });

  it('is no sub-merchant of itself', () => {
    const complete = { out_trade_no: '123456', sub_mchid: '1', sp_mchid: '1' };
    for (const schema of [partnerVariant.request, partnerVariant.complete]) {
      expect(schema.safeParse(complete).error?.issues.map(({ path }) => path)).toEqual([['sub_mchid']]);
    }
    expect(partnerVariant.complete.safeParse({ ...complete, sp_mchid: undefined }).success).toBe(false);
  });
});

const subOrders = [
  { mchid: '1', out_trade_no: 'part@1' },
  { mchid: '1', sub_mchid: '2', out_trade_no: 'part@2' },
];
const repayment = { combine_out_trade_no: 'c|1', sub_orders: subOrders };
const combined = { ...repayment, combine_appid: 'wx1' };

describe.each([
  {
    name: 'combine',
    schema: combineVariant.request,
    request: combined,
    made: () => facts(combineVariant, combined),
    path: '/v3/combine-transactions/out-trade-no/c%7C1',
    sent: { combine_appid: 'wx1', sub_orders: subOrders },
  },
  {
    name: 'repayment',
    schema: repaymentVariant.request,
    request: repayment,
    made: () => facts(repaymentVariant, repayment),
    path: '/v3/repayment/combine-transactions/partner/out-trade-no/c%7C1',
    sent: { sub_orders: subOrders },
  },
])('$name', ({ schema, request, made, path, sent }) => {
  it('goes out as it is given', () => {
    expect(made()).toEqual({
      signer: undefined,
      complete: request,
      order: { combine_out_trade_no: 'c|1' },
      path: `${path}/close`,
      sent,
      target: path,
      number: [['combine_out_trade_no'], 'c|1'],
      parties: {},
      parts: subOrders,
    });
  });

  it.each<[string, object]>([
    ['a part with an unknown field', { sub_orders: [{ mchid: '1', out_trade_no: 'part@1', sign: 'x' }] }],
    ['a part without a merchant', { sub_orders: [{ out_trade_no: 'part@1' }] }],
    ['an unknown field', { sign: 'x' }],
    ['no number', { combine_out_trade_no: undefined }],
    ['no parts', { sub_orders: [] }],
    ['a part twice', { sub_orders: [subOrders[0], subOrders[0]] }],
  ])('refuses %s', (_, change) => {
    expect(schema.safeParse({ ...request, ...change }).success).toBe(false);
  });
});

describe('combine', () => {
  it.each<[object, boolean]>([
    [{ sub_appid: 'wx2', individual_auth_id: '!' }, true],
    [{ individual_auth_id: '~'.repeat(64) }, true],
    [{ individual_auth_id: '' }, false],
    [{ individual_auth_id: 'x'.repeat(65) }, false],
    [{ individual_auth_id: 'x y' }, false],
    [{ individual_auth_id: ' x' }, false],
    [{ individual_auth_id: 'x\n' }, false],
  ])('judges a part with %j', (change, isAllowed) => {
    const sub_orders = [{ ...subOrders[0], ...change }];
    const request = { combine_out_trade_no: 'c|1', combine_appid: 'wx1', sub_orders };
    expect(combineVariant.request.safeParse(request).success).toBe(isAllowed);
  });
});

describe.each([
  ['hk', hkByIdVariant, hkByOutTradeNoVariant, '/hk/v3/transactions'],
  ['global', globalByIdVariant, globalByOutTradeNoVariant, '/v3/global/transactions'],
])('%s', (_, byId, byOutTradeNo, prefix) => {
  const forms = [
    [{}, '1900000109 direct', undefined, { mchid: '1900000109' }, 'mchid=1900000109'],
    [{ mchid: '1' }, 'direct', '1', { mchid: '1' }, 'mchid=1'],
    [
      { sub_mchid: '2' },
      'an institution filled in',
      undefined,
      { sp_mchid: '1900000109', sub_mchid: '2' },
      'sp_mchid=1900000109&sub_mchid=2',
    ],
    [
      { sp_mchid: '1', sub_mchid: '2' },
      'an institution',
      '1',
      { sp_mchid: '1', sub_mchid: '2' },
      'sp_mchid=1&sub_mchid=2',
    ],
    [
      { mchid: '3', sp_mchid: '1', sub_mchid: '2' },
      'all three',
      '1',
      { mchid: '3', sp_mchid: '1', sub_mchid: '2' },
      'mchid=3&sp_mchid=1&sub_mchid=2',
    ],
  ] as const;

  it.each(forms)('%j: is %s', (given, __, signer, parties, queryString) => {
    const sub = 'sub_mchid' in given ? { sub_mchid: '2' } : {};
    const byIdFacts = facts(byId, { transaction_id: '1008', ...given });
    expect(byIdFacts).toEqual({
      signer,
      complete: { transaction_id: '1008', ...parties },
      order: { transaction_id: '1008', ...sub },
      path: `${prefix}/id/1008/close`,
      sent: parties,
      target: `${prefix}/id/1008?${queryString}`,
      number: [['id', 'transaction_id'], '1008'],
      parties,
      parts: undefined,
    });
    expect(Object.keys(byIdFacts.order)).toEqual(Object.keys({ ...sub, transaction_id: '' }));
    const byNumberFacts = facts(byOutTradeNo, { out_trade_no: 'a|b', ...given });
    expect(byNumberFacts).toEqual({
      signer,
      complete: { out_trade_no: 'a|b', ...parties },
      order: { out_trade_no: 'a|b', ...sub },
      path: `${prefix}/out-trade-no/a%7Cb/close`,
      sent: parties,
      target: `${prefix}/out-trade-no/a%7Cb?${queryString}`,
      number: [['out_trade_no'], 'a|b'],
      parties,
      parts: undefined,
    });
    expect(Object.keys(byNumberFacts.order)).toEqual(Object.keys({ ...sub, out_trade_no: '' }));
  });

  it.each<[string, object]>([
    ['no party', {}],
    ['an institution without its sub-merchant', { sp_mchid: '1' }],
    ['a sub-merchant without its institution', { sub_mchid: '2' }],
    ['a merchant with a sub-merchant', { mchid: '1', sub_mchid: '2' }],
    ['a merchant with an institution', { mchid: '1', sp_mchid: '2' }],
    ['an unknown field', { mchid: '1', sign: 'x' }],
    ['an unknown field of an institution', { sp_mchid: '1', sub_mchid: '2', sign: 'x' }],
    ['an unknown field beside all three', { mchid: '1', sp_mchid: '1', sub_mchid: '2', sign: 'x' }],
  ])('is not complete with %s', (__, parties) => {
    expect(byId.complete.safeParse({ transaction_id: '1008', ...parties }).success).toBe(false);
    expect(byOutTradeNo.complete.safeParse({ out_trade_no: 'x', ...parties }).success).toBe(false);
  });
});
