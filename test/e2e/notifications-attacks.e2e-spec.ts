import { inspect } from 'node:util';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type MerchantOptions, MerchantSource } from 'nestjs-wechatpay';
import type { EmulatorReply, NotificationChanges } from 'nestjs-wechatpay/emulator';

import { type NotifiedShop, openNotifiedShop, received, refusalOf } from '../support/notified-shop.js';
import { ending } from '../support/test-shop.js';

const MCHID = '1900000109';
const OTHER = '1900000110';
const MERCHANTS = [
  { mchid: MCHID, subMchids: ['1230000109'] },
  { mchid: OTHER, subMchids: [] },
];

let shop: NotifiedShop;
let numbers = 0;
beforeAll(async () => {
  shop = await openNotifiedShop('express', { confirm: 'never', retry: { attempts: 1 } }, { merchants: MERCHANTS });
});
afterAll(() => shop.close());
afterEach(() => shop.emulator.reset());

const paid = (mchid = MCHID) => shop.paid({ mchid, out_trade_no: `ATTACK${++numbers}` });
const read = (changes: NotificationChanges, api: 'v2' | 'v3' = 'v3', merchant?: string) =>
  refusalOf(shop.notifications, received(shop.emulator.notifications.make(paid(), changes, { api })), merchant);
const words = (change: object) => (text: string) => JSON.stringify({ ...(JSON.parse(text) as object), ...change });
const resource = (change: object) => (text: string) => {
  const envelope = JSON.parse(text) as { resource: object };
  return JSON.stringify({ ...envelope, resource: { ...envelope.resource, ...change } });
};

describe('a notification that WeChat Pay signed, of APIv3', () => {
  it('is refused unless it says everything once', async () => {
    expect(await read({ body: (text) => text.replace('{', '{"id":"EV-1",') })).toBe('malformed');
    expect(await read({ body: (text) => text.replace('{', '{"\\u0069d":"EV-1",') })).toBe('malformed');
    expect(await read({ body: (text) => text.replace('{', '{"__proto__":{"id":"EV-1"},') })).toBe('malformed');
    expect(await read({ body: (text) => text.replace('"nonce"', '"nonce":"abcdefghijkl","nonce"') })).toBe('malformed');
    expect(await read({ plain: (text) => text.replace('{', '{"trade_state":"NOTPAY",') })).toBe('malformed');
    expect(await read({ plain: (text) => text.replace('{', '{"__proto__":{},') })).toBe('malformed');
    expect(await read({ plain: (text) => text.replace('"total"', '"total":1,"total"') })).toBe('malformed');
    expect(
      await read({ plain: (text) => text.replace('{', '{"detail":[{"a":1},{"a":2}],"quote":"a\\"b\\\\",') }),
    ).toEqual(expect.objectContaining({ kind: 'direct' }));
  });

  it('is refused unless it is JSON in UTF-8 that is an object', async () => {
    for (const text of ['', '[]', 'null', '"x"', '{', '\uFEFF{}']) {
      expect(await read({ body: () => text })).toBe('malformed');
      expect(await read({ plain: () => text })).toBe('malformed');
    }
  });

  it('is refused unless it tells of a payment', async () => {
    expect(await read({ body: (text) => text.replace('TRANSACTION.SUCCESS', 'REFUND.SUCCESS') })).toBe('notPayment');
    expect(await read({ body: resource({ original_type: 'refund' }) })).toBe('notPayment');
    expect(await read({ body: (text) => text.replace('encrypt-resource', 'plain') })).toBe('notPayment');
    expect(await read({ body: () => '{}' })).toBe('notPayment');
    expect(await read({ plain: words({ trade_state: 'NOTPAY' }) })).toBe('notPayment');
    expect(await read({ plain: words({ trade_state: 'REFUND' }) })).toBe('notPayment');
  });

  it('is refused where what it encrypts is no transaction', async () => {
    for (const change of [
      { mchid: undefined },
      { out_trade_no: '../x' },
      { amount: { total: '1' } },
      { transaction_id: 7 },
    ]) {
      expect(await read({ plain: words(change) })).toBe('malformed');
    }
  });

  it('is refused where it is encrypted otherwise than said', async () => {
    for (const change of [
      { algorithm: 'AEAD_SM4_GCM' },
      { algorithm: 'none' },
      { associated_data: '' },
      { associated_data: undefined },
      { nonce: '' },
      { ciphertext: '' },
      { ciphertext: 'AAAA' },
      { ciphertext: '=' },
    ]) {
      expect(await read({ body: resource(change) })).toBe('decryption');
    }
  });

  it('is refused where it is for another merchant', async () => {
    expect(await read({ plain: words({ mchid: OTHER }) })).toBe('otherMerchant');
    expect(await read({ plain: words({ sp_mchid: OTHER, sub_mchid: MCHID }) })).toBe('otherMerchant');
    expect(await read({}, 'v3', OTHER)).toBe('decryption');
    expect(await read({}, 'v3', '')).toBe('unknownMerchant');
  });

  it('is read with the key of whichever listed merchant it is for', async () => {
    const order = paid(OTHER);
    expect(await refusalOf(shop.notifications, received(shop.emulator.notifications.make(order)))).toMatchObject({
      order: { mchid: OTHER },
    });
  });

  it('is refused in a scheme that the merchant does not speak', async () => {
    const type = (value: string): NotificationChanges => ({
      headers: (all) => all.map(([name, old]) => [name, name === 'Wechatpay-Signature-Type' ? value : old]),
    });
    expect(await read(type('WECHATPAY2-SM2-WITH-SM3'))).toBe('signature');
    expect(await read(type(''))).toBe('header');
    const absent = (all: readonly (readonly [string, string])[]) => all.filter(([name]) => !name.endsWith('-Type'));
    expect(await read({ headers: absent })).toMatchObject({ kind: 'direct' });
  });
});

describe('a notification of APIv2', () => {
  it('is refused where it chooses its own algorithm', async () => {
    const named = (sign_type: string) => ({ fields: (all: object) => ({ ...all, sign_type }) });
    expect(await read({ ...named('MD5'), fault: 'otherSignType' }, 'v2')).toBe('signature');
    expect(await read(named('MD5'), 'v2')).toBe('signature');
    expect(await read(named('none'), 'v2')).toBe('signature');
    expect(await read(named('HMAC-SHA256'), 'v2')).toMatchObject({ kind: 'v2' });
  });

  it('is refused where it is for another merchant', async () => {
    expect(await read({ fields: (all) => ({ ...all, mch_id: OTHER }) }, 'v2')).toBe('signature');
    expect(await read({ fields: (all) => ({ ...all, mch_id: '1900000999' }) }, 'v2')).toBe('unknownMerchant');
    expect(await read({ fields: (all) => ({ ...all, mch_id: 'constructor' }) }, 'v2')).toBe('unknownMerchant');
    expect(await read({}, 'v2', OTHER)).toBe('otherMerchant');
  });

  it('is refused unless it tells of a payment', async () => {
    for (const change of [
      { return_code: 'FAIL' },
      { result_code: 'FAIL' },
      { total_fee: '-1' },
      { total_fee: '' },
      { transaction_id: '' },
      { time_end: 'soon' },
    ]) {
      expect(await read({ fields: (all) => ({ ...all, ...change }) }, 'v2')).toBe('notPayment');
    }
  });

  it('is believed again when it comes again, since it tells of the same payment', async () => {
    const made = received(shop.emulator.notifications.make(paid(), {}, { api: 'v2' }));
    const twice = [await refusalOf(shop.notifications, made), await refusalOf(shop.notifications, made)];
    expect(twice).toEqual([expect.objectContaining({ kind: 'v2' }), expect.objectContaining({ kind: 'v2' })]);
  });
});

describe('what WeChat Pay signed for something else', () => {
  const caught = async (act: () => Promise<unknown>): Promise<EmulatorReply> => {
    const replies: EmulatorReply[] = [];
    const undo = shop.emulator.afterSigning((reply) => {
      replies.push(reply);
      return 'drop';
    });
    await act();
    undo();
    return replies[0]!;
  };
  const query = (variant: 'direct' | 'v2', out_trade_no: string) => async () => {
    const { directVariant, v2Variant } = await import('nestjs-wechatpay');
    return ending(
      variant === 'direct'
        ? shop.closeOrder.query(directVariant, { out_trade_no }, { merchant: MCHID })
        : shop.closeOrder.query(v2Variant, { out_trade_no }, { merchant: MCHID }),
    );
  };
  const close = (variant: 'direct' | 'v2', out_trade_no: string) => () =>
    ending(shop.closeOrder[variant]({ out_trade_no }, { merchant: MCHID }));

  it('is no notification: the reply to a query', async () => {
    const { out_trade_no } = paid();
    for (const variant of ['direct', 'v2'] as const) {
      const reply = await caught(query(variant, out_trade_no));
      expect(await refusalOf(shop.notifications, received(reply))).toBe('notPayment');
    }
  });

  it('is no notification: the reply to a close', async () => {
    for (const [variant, reason] of [
      ['direct', 'malformed'],
      ['v2', 'notPayment'],
    ] as const) {
      const { out_trade_no } = shop.emulator.place({ out_trade_no: `ATTACK${++numbers}` });
      const reply = await caught(close(variant, out_trade_no));
      expect(await refusalOf(shop.notifications, received(reply))).toBe(reason);
    }
  });

  it.each(['direct', 'v2'] as const)('is no reply to a close or a query: a notification (%s)', async (variant) => {
    const order = paid();
    const made = shop.emulator.notifications.make(order, {}, { api: variant === 'v2' ? 'v2' : 'v3' });
    for (const act of [close, query]) {
      const undo = shop.emulator.afterSigning(() => ({ status: 200, ...made }));
      expect(await act(variant, order.out_trade_no)()).toMatchObject({ name: 'OutcomeUnknownError' });
      undo();
    }
    const undo = shop.emulator.afterSigning(() => ({ status: 204, ...made }));
    expect(await close(variant, order.out_trade_no)()).toMatchObject({ name: 'OutcomeUnknownError' });
    undo();
  });

  it('is no reply to a close: the reply to a query (v2)', async () => {
    const { out_trade_no } = shop.emulator.place({ out_trade_no: `ATTACK${++numbers}` });
    const reply = await caught(query('v2', out_trade_no));
    const undo = shop.emulator.afterSigning(() => reply);
    expect(await close('v2', out_trade_no)()).toMatchObject({ name: 'OutcomeUnknownError' });
    undo();
  });
});

describe('a refusal', () => {
  it('holds nothing of the notification and no secret', async () => {
    const order = shop.paid({ out_trade_no: 'SECRET0001', attach: 'canary-attach' });
    const [merchant] = shop.emulator.credentials.merchants;
    for (const fault of ['wrongTag', 'wrongSignature', 'unknownSerial'] as const) {
      const made = shop.emulator.notifications.make(order, { fault });
      const error: unknown = await shop.notifications.read(received(made)).catch((cause: unknown) => cause);
      const shown = inspect(error, { depth: 9, showHidden: true }) + JSON.stringify(error);
      for (const secret of [merchant!.apiV3Key, merchant!.apiV2Key, 'canary-attach', 'SECRET0001']) {
        expect(shown).not.toContain(secret);
      }
    }
  });
});

describe('merchants from a source', () => {
  let asked: string[];
  class Table extends MerchantSource {
    find(mchid: string): MerchantOptions | undefined {
      asked.push(mchid);
      if (mchid === '1900000666') throw new Error('the table is away');
      return shop.emulator.options('publicKey').merchants.find((merchant) => merchant.mchid === mchid);
    }
  }
  let tenants: NotifiedShop;
  beforeAll(async () => {
    asked = [];
    tenants = await openNotifiedShop('express', { merchants: [], merchantSource: Table }, { merchants: MERCHANTS });
  });
  afterAll(() => tenants.close());

  const made = () => received(shop.emulator.notifications.make(paid()));

  it('are never tried blindly', async () => {
    expect(await refusalOf(tenants.notifications, made())).toBe('notConfigured');
    expect(asked).toEqual([]);
  });

  it('are found by the route', async () => {
    expect(await refusalOf(tenants.notifications, made(), MCHID)).toMatchObject({ order: { mchid: MCHID } });
    expect(await refusalOf(tenants.notifications, made(), OTHER)).toBe('decryption');
    expect(await refusalOf(tenants.notifications, made(), '1900000999')).toBe('unknownMerchant');
    expect(await refusalOf(tenants.notifications, made(), '1900000666')).toBe('merchantSource');
    expect(asked).toEqual([MCHID, OTHER, '1900000999', '1900000666']);
  });

  it('are not asked for where nothing is signed', async () => {
    asked.length = 0;
    const unsigned = received(shop.emulator.notifications.make(paid(), { fault: 'unsigned' }));
    expect(await refusalOf(tenants.notifications, unsigned, '1900000111')).toBe('unsigned');
    expect(asked).toEqual([]);
  });
});

describe('many listed merchants', () => {
  it('are tried up to 20; beyond, the route must say', async () => {
    const merchants = Array.from({ length: 21 }, (_, index) => ({ mchid: `19000002${10 + index}` }));
    const many = await openNotifiedShop('express', {}, { merchants });
    const order = many.paid({ mchid: '1900000230', out_trade_no: 'MANY000001' });
    const make = () => received(many.emulator.notifications.make(order));
    expect(await refusalOf(many.notifications, make())).toBe('unknownMerchant');
    expect(await refusalOf(many.notifications, make(), '1900000230')).toMatchObject({ kind: 'direct' });
    await many.close();
    // It makes 21 keys.
  }, 60_000);
});

describe('platform certificates that are downloaded', () => {
  it('are had when the first notification comes', async () => {
    const fresh = await openNotifiedShop('express');
    const options = fresh.emulator.options('download');
    const downloading = await openNotifiedShop('express', { ...options });
    fresh.emulator.notifications.signsWith = 'certificate';
    const order = fresh.paid({ out_trade_no: 'CERT000001' });
    const made = received(fresh.emulator.notifications.make(order));
    expect(await refusalOf(downloading.notifications, made)).toMatchObject({ kind: 'direct' });
    await Promise.all([fresh.close(), downloading.close()]);
  });
});
