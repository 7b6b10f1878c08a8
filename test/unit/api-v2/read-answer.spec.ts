import { describe, expect, it } from '@jest/globals';

import { readApiV2Answer } from '../../../lib/api-v2/read-answer.js';
import { sameIdentity } from '../../../lib/api-v2/same-identity.js';
import { saidIn } from '../../support/said-in.js';

const read = (status: number, fields: Record<string, string>, secrets: string[] = []) =>
  saidIn(readApiV2Answer(status, new Map(Object.entries(fields)), secrets));
const success = { return_code: 'SUCCESS', result_code: 'SUCCESS' };
const failure = { return_code: 'SUCCESS', result_code: 'FAIL' };

describe('readApiV2Answer', () => {
  it('reads a success, and leaves out its sign alone', () => {
    expect(read(200, { ...success, sign: 'ABC', mch_id: '1', sub_mch_id: '' })).toEqual({
      kind: 'done',
      status: 200,
      fields: { ...success, mch_id: '1', sub_mch_id: '' },
    });
  });

  it.each<[string, number, Record<string, string>, string]>([
    ['a success with an error code', 200, { ...success, err_code: 'ORDERPAID' }, 'unrecognized'],
    ['a success with another status', 201, success, 'unrecognized'],
    ['a failure', 200, failure, 'failed'],
    ['a failure with another status', 500, failure, 'failed'],
    ['no result_code', 200, { return_code: 'SUCCESS' }, 'unrecognized'],
    ['another result_code', 200, { return_code: 'SUCCESS', result_code: 'success' }, 'unrecognized'],
    ['a FAIL of the protocol', 200, { return_code: 'FAIL' }, 'rejected'],
    ['a FAIL of the protocol beside a SUCCESS', 200, { return_code: 'FAIL', result_code: 'SUCCESS' }, 'rejected'],
    ['a FAIL of the protocol with another status', 502, { return_code: 'FAIL' }, 'unrecognized'],
    ['no return_code', 200, { result_code: 'SUCCESS' }, 'unrecognized'],
    ['another return_code', 200, { return_code: 'ok', result_code: 'SUCCESS' }, 'unrecognized'],
  ])('reads %s', (_, status, fields, kind) => {
    expect(read(status, fields)).toMatchObject({ kind, status });
  });

  it('keeps code and words of a failure', () => {
    const fields = { ...failure, err_code: 'ORDERPAID', err_code_des: '订单已支付', result_msg: 'x' };
    expect(read(200, fields)).toEqual({
      kind: 'failed',
      status: 200,
      code: 'ORDERPAID',
      description: '订单已支付',
      fields,
    });
    expect(read(200, { ...failure, result_msg: 'OK' })).toEqual({
      kind: 'failed',
      status: 200,
      description: 'OK',
      fields: { ...failure, result_msg: 'OK' },
    });
    expect(Object.keys(read(200, failure))).not.toContain('description');
    expect(Object.keys(read(200, failure))).not.toContain('code');
  });

  it('keeps the words of a FAIL, and none of its fields', () => {
    const fields = { return_code: 'FAIL', return_msg: '签名错误', err_code: 'X' };
    expect(read(200, fields)).toEqual({ kind: 'rejected', status: 200, description: '签名错误' });
    expect(Object.keys(read(200, { return_code: 'FAIL' }))).toEqual(['kind', 'status']);
  });

  it('repeats nothing that was sent in confidence', () => {
    const secret = 'B2B78B206EDC0392055030BC16EA076A';
    const { description } = read(200, { return_code: 'FAIL', return_msg: `sign ${secret}` }, [secret]);
    expect(description).toMatch(/^\[redacted/);
    expect(read(200, { ...failure, err_code: secret, err_code_des: secret }, [secret])).toMatchObject({
      code: expect.stringMatching(/^\[redacted/),
      description: expect.stringMatching(/^\[redacted/),
    });
  });

  it.each([
    ['done', 200, success],
    ['failed', 200, failure],
    ['unrecognized', 200, { return_code: 'SUCCESS' }],
    ['rejected', 200, { return_code: 'FAIL' }],
  ])('%s: inherits nothing', (_, status, fields) => {
    expect(read(status, fields)).toMatchObject({ status });
  });
});

describe('sameIdentity', () => {
  const sent = { appid: 'wx1', mch_id: '1', sub_mch_id: '2', sub_appid: 'wx2', out_trade_no: 'x' };

  it.each<[string, Record<string, string>, Record<string, string>, boolean]>([
    ['all four', sent, sent, true],
    ['no sub_appid', sent, { ...sent, sub_appid: '' }, true],
    ['other fields', sent, { ...sent, out_trade_no: 'y', more: 'z' }, true],
    ['no sub-merchant where none was sent', { appid: 'wx1', mch_id: '1' }, { appid: 'wx1', mch_id: '1' }, true],
    ['empty fields for none', { appid: 'wx1', mch_id: '1' }, { appid: 'wx1', mch_id: '1', sub_mch_id: '' }, true],
    ['another appid', sent, { ...sent, appid: 'wx9' }, false],
    ['another mch_id', sent, { ...sent, mch_id: '9' }, false],
    ['another sub_mch_id', sent, { ...sent, sub_mch_id: '9' }, false],
    ['another sub_appid', sent, { ...sent, sub_appid: 'wx9' }, false],
    [
      'a sub_appid where none was sent',
      { appid: 'wx1', mch_id: '1' },
      { appid: 'wx1', mch_id: '1', sub_appid: 'wx2' },
      false,
    ],
    [
      'a sub-merchant where none was sent',
      { appid: 'wx1', mch_id: '1' },
      { appid: 'wx1', mch_id: '1', sub_mch_id: '2' },
      false,
    ],
    ['no appid', sent, { ...sent, appid: '' }, false],
    ['no mch_id', sent, { ...sent, mch_id: '' }, false],
    ['no sub_mch_id', sent, { ...sent, sub_mch_id: '' }, false],
    ['no field at all', sent, {}, false],
  ])('judges a reply with %s', (_, ours, theirs, same) => {
    expect(sameIdentity(new Map(Object.entries(ours)), new Map(Object.entries(theirs)))).toBe(same);
  });

  it('takes a missing sub_appid for none', () => {
    const { sub_appid: _, ...rest } = sent;
    expect(sameIdentity(new Map(Object.entries(sent)), new Map(Object.entries(rest)))).toBe(true);
  });
});
