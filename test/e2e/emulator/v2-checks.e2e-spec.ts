import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { send, sendV2 } from './raw-client.js';

const close = '/pay/closeorder';
const sub_mch_id = '1230000109';

let emulator: WechatPayEmulator;
beforeAll(async () => {
  emulator = await WechatPayEmulator.start();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.stop());

describe('the sign check of APIv2', () => {
  it.each([
    ['a sign of other fields', { sign: '0'.repeat(32) }],
    ['a sign of the wrong length', { sign: 'A' }],
    ['an unknown sign_type', { sign_type: 'SHA1' }],
    ['an unknown merchant', { mch_id: '1900000999' }],
    ['an empty nonce', { nonce_str: '' }],
  ])('answers %s with return_code FAIL and no sign', async (_name, fields) => {
    const order = emulator.place({ out_trade_no: 'A1' });
    const { status, text } = await sendV2(emulator, close, { out_trade_no: 'A1', ...fields });
    expect(status).toBe(200);
    expect(text).toContain('<return_code><![CDATA[FAIL]]></return_code>');
    expect(text).not.toMatch(/<sign>|result_code/);
    expect(emulator.requests[0]?.verdict).toBe('refused');
    expect(order.state).toBe('NOTPAY');
  });

  it('answers what is no XML the same way', async () => {
    const reply = await send(emulator.url, 'POST', close, {}, '<!DOCTYPE x><xml/>');
    expect(reply.body.toString()).toContain('XML_FORMAT_ERROR');
  });
});

describe('the answers of APIv2', () => {
  it.each([
    ['ORDERNOTEXIST', { out_trade_no: 'A0' }],
    ['ORDERPAID', { out_trade_no: 'PAID' }],
    ['USERPAYING', { out_trade_no: 'PAYING' }],
    ['INVALID_REQUEST', { out_trade_no: 'MICRO' }],
    ['INVALID_REQUEST', { out_trade_no: 'SUB' }],
    ['INVALID_REQUEST', { out_trade_no: 'SUB', sub_mch_id: '1900000109' }],
    ['NO_AUTH', { out_trade_no: 'SUB', sub_mch_id: '99' }],
    ['APPID_MCHID_NOT_MATCH', { out_trade_no: 'SUB', appid: 'wx0' }],
    ['PARAM_ERROR', { out_trade_no: '' }],
    ['SUCCESS', { out_trade_no: 'SUB', sub_mch_id, sub_appid: 'wx1' }],
  ])('say %s for %j, signed', async (code, fields) => {
    emulator.pay(emulator.place({ out_trade_no: 'PAID' }));
    emulator.startPaying(emulator.place({ out_trade_no: 'PAYING' }));
    emulator.place({ out_trade_no: 'MICRO', trade_type: 'MICROPAY' });
    emulator.place({ out_trade_no: 'SUB', sub_mchid: sub_mch_id });
    const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''));
    const { text } = await sendV2(emulator, close, given);
    const field = code === 'SUCCESS' ? 'result_code' : 'err_code';
    expect(text).toContain(`<${field}><![CDATA[${code}]]></${field}>`);
    expect(text).toMatch(/<sign><!\[CDATA\[[0-9A-F]{32}\]\]><\/sign>/);
  });

  it('take an order by the number of WeChat Pay, too', async () => {
    const { transaction_id } = emulator.pay(emulator.place({ out_trade_no: 'A1' }));
    const { text } = await sendV2(emulator, '/pay/orderquery', { transaction_id: String(transaction_id) });
    expect(text).toContain('<trade_state><![CDATA[SUCCESS]]></trade_state>');
    expect((await sendV2(emulator, '/pay/orderquery', {})).text).toContain('PARAM_ERROR');
  });

  it('may call an order closed that was never placed', async () => {
    const other = await WechatPayEmulator.start({ keys: emulator.keys, unknownOrder: 'closed' });
    const { text } = await sendV2(other, close, { out_trade_no: 'A0' });
    expect(text).toContain('<result_code><![CDATA[SUCCESS]]></result_code>');
    await other.stop();
  });
});
