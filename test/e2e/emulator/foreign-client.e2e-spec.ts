import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { foreignClient } from './foreign-client.js';
import type { ForeignCall } from './foreign-client.js';
import type { LooseJson } from './raw-client.js';

const mchid = '1900000109';
const sub_mchid = '1230000109';
const appid = 'wx8888888888888888';
const notify_url = 'https://example.com/notify';
const description = 'A thing';

const idOf = ({ id }: LooseJson): string => (typeof id === 'string' ? id : '');

let emulator: WechatPayEmulator;
beforeAll(async () => {
  emulator = await WechatPayEmulator.start();
});
afterEach(() => emulator.reset());
afterAll(() => emulator.stop());

describe.each(['publicKey', 'certificate'] as const)('wechatpay-axios-plugin that believes the %s', (believes) => {
  let call: ForeignCall;
  beforeAll(() => {
    call = foreignClient(emulator, believes);
  });

  const state = async (path: string, params: object = {}): Promise<LooseJson> =>
    (await call('get', path, undefined, { params })).data;

  it.each([
    ['direct', { mchid, appid }, { mchid }, 'v3/pay/transactions'],
    [
      'partner',
      { sp_mchid: mchid, sp_appid: appid, sub_mchid },
      { sp_mchid: mchid, sub_mchid },
      'v3/pay/partner/transactions',
    ],
  ])('places, queries and closes %s orders', async (_name, parties, numbers, base) => {
    const placed = await call('post', `${base}/native`, {
      ...parties,
      out_trade_no: 'A1000001',
      description,
      notify_url,
      amount: { total: 5, currency: 'CNY' },
    });
    expect(placed.data.code_url).toMatch(/^weixin:/);
    const byNumber = `${base}/out-trade-no/A1000001`;
    expect(await state(byNumber, numbers)).toMatchObject({ ...numbers, trade_state: 'NOTPAY', amount: { total: 5 } });

    const closed = await call('post', `${byNumber}/close`, numbers);
    expect(closed.status).toBe(204);
    expect(closed.headers['request-id']).toMatch(/-0$/);
    expect((await state(byNumber, numbers)).trade_state).toBe('CLOSED');

    expect((await call('post', `${byNumber}/close`, numbers)).status).toBe(204);
    expect(emulator.order('A1000001')?.changes.map((change) => change.state)).toEqual(['NOTPAY', 'CLOSED']);
  });

  it('sees paid orders, by both numbers, and cannot close them', async () => {
    const order = emulator.pay(emulator.place({ out_trade_no: 'A1000002' }));
    const base = 'v3/pay/transactions';
    const paid = { trade_state: 'SUCCESS', transaction_id: order.transaction_id, success_time: expect.any(String) };
    expect(await state(`${base}/out-trade-no/A1000002`, { mchid })).toMatchObject(paid);
    expect(await state(`${base}/id/${order.transaction_id}`, { mchid })).toMatchObject(paid);
    const close = (): Promise<unknown> => call('post', `${base}/out-trade-no/A1000002/close`, { mchid });
    const refusal = { response: { status: 400, data: { code: 'ORDER_PAID' } } };
    await expect(close()).rejects.toMatchObject(refusal);
    emulator.refund(order);
    await expect(close()).rejects.toMatchObject(refusal);
    expect(order.state).toBe('REFUND');
  });

  it('places, queries and closes combined orders', async () => {
    const sub_orders = ['B1', 'B2'].map((out_trade_no) => ({ mchid, sub_mchid, out_trade_no }));
    await call('post', 'v3/combine-transactions/native', {
      combine_appid: appid,
      combine_mchid: mchid,
      combine_out_trade_no: 'C1000001',
      notify_url,
      sub_orders: sub_orders.map((order) => ({
        ...order,
        description,
        amount: { total_amount: 3, currency: 'CNY' },
      })),
    });
    const path = 'v3/combine-transactions/out-trade-no/C1000001';
    expect(await state(path)).toMatchObject({ combine_mchid: mchid, sub_orders: [{ trade_state: 'NOTPAY' }, {}] });
    const close = await call('post', `${path}/close`, { combine_appid: appid, sub_orders: sub_orders.toReversed() });
    expect(close.status).toBe(204);
    expect((await state(path)).sub_orders?.[1]).toMatchObject({ out_trade_no: 'B2', trade_state: 'CLOSED' });
  });

  it('shows payments of combined and overseas orders as their endpoints do', async () => {
    const combined = emulator.place({
      kind: 'combine',
      combine_out_trade_no: 'C2',
      sub_orders: [{ out_trade_no: 'B3' }],
    });
    emulator.pay(combined);
    const { transaction_id } = emulator.pay(emulator.place({ kind: 'overseas', out_trade_no: 'G9', sub_mchid }));
    expect(await state('v3/combine-transactions/out-trade-no/C2')).toMatchObject({
      combine_payer_info: { openid: expect.any(String) },
      sub_orders: [
        { trade_state: 'SUCCESS', transaction_id: combined.transactionIdOf(0), amount: { payer_amount: 1 } },
      ],
    });
    expect(combined.transaction_id).toBeUndefined();
    expect(await state('v3/global/transactions/out-trade-no/G9', { sp_mchid: mchid, sub_mchid })).toMatchObject({
      id: transaction_id,
      trade_state: 'SUCCESS',
      payer: { sp_openid: expect.any(String) },
      amount: { payer_currency: 'HKD', exchange_rate: { rate: expect.any(Number) } },
    });
  });

  it('queries and closes repayment orders', async () => {
    emulator.place({ kind: 'repayment', combine_out_trade_no: 'R1', sub_orders: [{ out_trade_no: 'R1-1' }] });
    const path = 'v3/repayment/combine-transactions/partner/out-trade-no/R1';
    const sub_orders = [{ mchid, out_trade_no: 'R1-1' }];
    expect((await call('post', `${path}/close`, { sub_orders })).status).toBe(204);
    expect((await state(path)).sub_orders).toMatchObject([{ trade_state: 'CLOSED', trade_type: 'REPAYMENT' }]);
  });

  it.each([
    ['direct', { mchid }, { mchid, appid }],
    ['institution', { sp_mchid: mchid, sub_mchid }, { sp_mchid: mchid, sub_mchid, sp_appid: appid }],
    ['founding document', { mchid, sp_mchid: mchid, sub_mchid }, { sp_mchid: mchid, sub_mchid, sp_appid: appid }],
  ])('places, queries and closes global orders in the %s form', async (_name, numbers, parties) => {
    for (const out_trade_no of ['G1', 'G2', 'G3', 'G4']) {
      await call('post', 'v3/global/transactions/native', {
        ...parties,
        out_trade_no,
        description,
        notify_url,
        trade_type: 'NATIVE',
        merchant_category_code: '1011',
        amount: { total: 7, currency: 'HKD' },
      });
    }
    const id = idOf(await state('v3/global/transactions/out-trade-no/G1', numbers));
    const hkId = idOf(await state('hk/v3/transactions/out-trade-no/G3', numbers));
    expect([id, hkId]).toEqual([expect.stringMatching(/^\d{28}$/), expect.stringMatching(/^\d{28}$/)]);
    const closes = [`v3/global/transactions/id/${id}`, 'v3/global/transactions/out-trade-no/G2'];
    closes.push(`hk/v3/transactions/id/${hkId}`, 'hk/v3/transactions/out-trade-no/G4');
    for (const path of closes) {
      expect((await call('post', `${path}/close`, numbers)).status).toBe(204);
      expect(await state(path, numbers)).toMatchObject({ trade_state: 'CLOSED' });
    }
    expect(emulator.orders.map((order) => order.state)).toEqual(['CLOSED', 'CLOSED', 'CLOSED', 'CLOSED']);
  });

  it.each(['MD5', 'HMAC-SHA256'] as const)('places, queries and closes over APIv2 with %s', async (sign_type) => {
    // The plugin signs with MD5 where nothing is said, as APIv2 has it.
    const common = {
      appid,
      mch_id: mchid,
      sub_mch_id: sub_mchid,
      out_trade_no: 'V2-1',
      ...(sign_type !== 'MD5' && { sign_type }),
    };
    const placed = await call('post', 'v2/pay/unifiedorder', {
      ...common,
      body: description,
      total_fee: '9',
      spbill_create_ip: '127.0.0.1',
      notify_url,
      trade_type: 'NATIVE',
    });
    expect(placed.data.code_url).toMatch(/^weixin:/);
    expect((await call('post', 'v2/pay/orderquery', common)).data).toMatchObject({
      trade_state: 'NOTPAY',
      total_fee: '9',
    });
    const closed = await call('post', 'v2/pay/closeorder', common);
    expect(closed.data).toMatchObject({ return_code: 'SUCCESS', result_code: 'SUCCESS', sub_mch_id: sub_mchid });
    expect(closed.data.sign).toHaveLength(sign_type === 'MD5' ? 32 : 64);
    expect((await call('post', 'v2/pay/orderquery', common)).data).toMatchObject({ trade_state: 'CLOSED' });
    await expect(call('post', 'v2/pay/closeorder', common)).rejects.toMatchObject({
      response: { status: 200, data: { result_code: 'FAIL', err_code: 'ORDERCLOSED' } },
    });
  });

  it('shows APIv2 and APIv3 the same order', async () => {
    emulator.pay(emulator.place({ out_trade_no: 'A1000003' }));
    const common = { appid, mch_id: mchid, out_trade_no: 'A1000003' };
    expect((await call('post', 'v2/pay/orderquery', common)).data).toMatchObject({ trade_state: 'SUCCESS' });
    await expect(call('post', 'v2/pay/closeorder', common)).rejects.toMatchObject({
      response: { data: { err_code: 'ORDERPAID' } },
    });
  });

  it('is refused by its own check if a reply is tampered with', async () => {
    emulator.place({ out_trade_no: 'A1000004' });
    emulator.afterSigning((reply) => ({ ...reply, body: Buffer.from(`${reply.body.toString()} `) }));
    await expect(state('v3/pay/transactions/out-trade-no/A1000004', { mchid })).rejects.toMatchObject({
      code: 'EV3_RES_HEADER_SIGNATURE_DIGEST',
    });
  });
});
