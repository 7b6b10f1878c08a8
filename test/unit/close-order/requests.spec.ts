import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';

import { requestIssues } from '../../../lib/close-order/request-issues.js';
import { combineCloseRequestSchema } from '../../../lib/close-order/variants/combine.variant.js';
import { directCloseRequestSchema } from '../../../lib/close-order/variants/direct.variant.js';
import { globalCloseByOutTradeNoRequestSchema } from '../../../lib/close-order/variants/global.variant.js';
import { hkCloseByIdRequestSchema } from '../../../lib/close-order/variants/hk.variant.js';
import { partnerCloseRequestSchema } from '../../../lib/close-order/variants/partner.variant.js';
import { repaymentCloseRequestSchema } from '../../../lib/close-order/variants/repayment.variant.js';
import { v2CloseRequestSchema } from '../../../lib/close-order/variants/v2.variant.js';

const out_trade_no = '1217752501201407033233368018';
const subOrder = (number: number) => ({ mchid: '1900000109', out_trade_no: `2015080612534${number}` });
const subOrders = (count: number) => Array.from({ length: count }, (_, index) => subOrder(index + 10));

function issuesOf(schema: z.ZodType, request: unknown): Record<string, string> {
  const result = schema.safeParse(request);
  return result.success ? {} : Object.fromEntries(requestIssues(result.error).map(({ field, rule }) => [field, rule]));
}

describe('out_trade_no', () => {
  it.each(['123456', 'a_b-c|d*e', '0'.repeat(32)])('may be %s', (number) => {
    expect(issuesOf(directCloseRequestSchema, { out_trade_no: number })).toEqual({});
  });

  it.each([
    ['5 characters', '12345'],
    ['33 characters', '0'.repeat(33)],
    ['empty', ''],
    ['blank', '      '],
    ['dots', '......'],
    ['..', '..'],
    ['an encoded dot', '%2e%2e%2e'],
    ['an encoded slash', 'abc%2fdef'],
    ['a path', '../../../evil'],
    ['a backslash', 'abc\\def'],
    ['a query', 'abcdef?x=1'],
    ['a fragment', 'abcdef#x'],
    ['a semicolon', 'abcdef;x'],
    ['an at sign', 'abcdef@x'],
    ['a colon', 'abc:def'],
    ['a line break', 'abcdef\n'],
    ['CRLF', 'abc\r\ndef'],
    ['a tab', 'abc\tdef'],
    ['a NUL', 'abc\0def'],
    ['full-width digits', '１２３４５６'],
    ['an emoji', 'abcdef😀'],
    ['a right-to-left mark', 'abcdef\u200f'],
    ['a lone surrogate', 'abcdef\ud800'],
    ['a number', 123_456],
    ['a bigint', 123_456n],
    ['an object that turns into one', { toString: () => '123456' }],
    ['an array', ['123456']],
    ['null', null],
    ['nothing', undefined],
  ])('may not be %s', (_, number) => {
    expect(Object.keys(issuesOf(directCloseRequestSchema, { out_trade_no: number }))).toEqual(['out_trade_no']);
  });

  it('is told the rule, and its value is not repeated', () => {
    expect(issuesOf(directCloseRequestSchema, { out_trade_no: 'x'.repeat(100) })).toEqual({
      out_trade_no: 'must be 6 to 32 letters, digits, _, -, | or *',
    });
    expect(issuesOf(directCloseRequestSchema, {})).toEqual({
      out_trade_no: 'is missing; it must be 6 to 32 letters, digits, _, -, | or *',
    });
  });
});

describe('the schemas', () => {
  it('refuse unknown fields by name', () => {
    expect(issuesOf(directCloseRequestSchema, { out_trade_no, sign: 'X', outTradeNo: '1' })).toEqual({
      sign: 'is no field of this variant',
      outTradeNo: 'is no field of this variant',
    });
    expect(issuesOf(hkCloseByIdRequestSchema, { transaction_id: '1', sp_mch_id: '1' })).toEqual({
      sp_mch_id: 'is no field of this variant',
    });
  });

  it('do not repeat a name that may be a key in the wrong place', () => {
    const key = '0123456789abcdef0123456789ABCDEF';
    expect(issuesOf(directCloseRequestSchema, { out_trade_no, [key]: '1' })).toEqual({
      '(a name of 32 characters)': 'is no field of this variant',
    });
    expect(issuesOf(directCloseRequestSchema, { out_trade_no, 'a\nb': '1' })).toEqual({
      '(a name of 3 characters)': 'is no field of this variant',
    });
  });

  it('refuse what is no object', () => {
    expect(issuesOf(directCloseRequestSchema, null)).toEqual({ request: 'must be given as an object' });
    expect(Object.keys(issuesOf(hkCloseByIdRequestSchema, undefined))).toEqual(['request']);
  });

  it('v2: sub_appid needs sub_mch_id; nonce_str and sign_type are checked', () => {
    expect(
      issuesOf(v2CloseRequestSchema, {
        out_trade_no,
        sub_mch_id: '1',
        sub_appid: 'wx1',
        nonce_str: 'a1',
        sign_type: 'MD5',
      }),
    ).toEqual({});
    expect(issuesOf(v2CloseRequestSchema, { out_trade_no, sub_appid: 'wx1' })).toEqual({
      sub_appid: 'is allowed only together with sub_mch_id',
    });
    expect(issuesOf(v2CloseRequestSchema, { out_trade_no, nonce_str: '<', sign_type: 'SHA1' })).toEqual({
      nonce_str: 'must be 1 to 32 letters or digits',
      sign_type: 'must be MD5 or HMAC-SHA256',
    });
  });

  it('partner: sub_mchid is needed and is not sp_mchid', () => {
    expect(issuesOf(partnerCloseRequestSchema, { out_trade_no })).toEqual({
      sub_mchid: 'is missing; it must be a merchant number: 1 to 32 digits',
    });
    expect(issuesOf(partnerCloseRequestSchema, { out_trade_no, sp_mchid: '1', sub_mchid: '1' })).toEqual({
      sub_mchid: 'must not be the same as sp_mchid',
    });
  });

  it.each([
    ['combine', combineCloseRequestSchema, { combine_out_trade_no: 'c1', combine_appid: 'wx1' }, 50],
    ['repayment', repaymentCloseRequestSchema, { combine_out_trade_no: 'c1' }, 10],
  ])('%s: counts its sub-orders', (_, schema, request, most) => {
    expect(issuesOf(schema, { ...request, sub_orders: subOrders(1) })).toEqual({});
    expect(issuesOf(schema, { ...request, sub_orders: subOrders(most) })).toEqual({});
    expect(issuesOf(schema, { ...request, sub_orders: subOrders(most + 1) })).toEqual({
      sub_orders: `must hold at most ${most} sub-orders`,
    });
    expect(issuesOf(schema, { ...request, sub_orders: [] })).toEqual({ sub_orders: 'must hold at least 1 sub-order' });
    expect(issuesOf(schema, { ...request, sub_orders: [subOrder(1), subOrder(1)] })).toEqual({
      sub_orders: 'must hold each sub-order once',
    });
    expect(issuesOf(schema, { ...request, sub_orders: [{ ...subOrder(1), out_trade_no: 'x' }] })).toEqual({
      'sub_orders[0].out_trade_no': 'must be 6 to 32 letters, digits, _, -, |, * or @',
    });
    expect(issuesOf(schema, request)).toEqual({ sub_orders: 'must be an array of sub-orders' });
  });

  it('repayment: has no combine_appid', () => {
    expect(
      issuesOf(repaymentCloseRequestSchema, {
        combine_out_trade_no: 'c1',
        combine_appid: 'wx1',
        sub_orders: subOrders(1),
      }),
    ).toEqual({
      combine_appid: 'is no field of this variant',
    });
  });

  it.each([
    ['direct', { mchid: '1' }],
    ['direct, filled in', {}],
    ['institution', { sp_mchid: '1', sub_mchid: '2' }],
    ['institution, filled in', { sub_mchid: '2' }],
    ['the founding form', { mchid: '1', sp_mchid: '1', sub_mchid: '1' }],
  ])('overseas: takes the form %s', (_, parties) => {
    expect(issuesOf(hkCloseByIdRequestSchema, { transaction_id: '1', ...parties })).toEqual({});
    expect(issuesOf(globalCloseByOutTradeNoRequestSchema, { out_trade_no: '1', ...parties })).toEqual({});
  });

  it.each([
    ['mchid and sub_mchid', { mchid: '1', sub_mchid: '2' }],
    ['mchid and sp_mchid', { mchid: '1', sp_mchid: '2' }],
    ['sp_mchid alone', { sp_mchid: '2' }],
  ])('overseas: refuses the form %s', (_, parties) => {
    const [rule] = Object.values(issuesOf(hkCloseByIdRequestSchema, { transaction_id: '1', ...parties }));
    expect(rule).toMatch(/^does not fit: give mchid alone/);
  });

  it('overseas: tells a wrong number under its own name', () => {
    expect(issuesOf(hkCloseByIdRequestSchema, { transaction_id: '../x', sub_mchid: '2' })).toEqual({
      transaction_id: "must be WeChat Pay's order number: 1 to 32 letters or digits",
    });
    expect(issuesOf(hkCloseByIdRequestSchema, { transaction_id: '1', mchid: 'x' })).toEqual({
      mchid: 'must be a merchant number: 1 to 32 digits',
    });
  });
});
