import { inspect } from 'node:util';

import { ConsoleLogger, Logger } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { directVariant, type WechatPayModuleExtras, type WechatPayModuleOptions } from 'nestjs-wechatpay';

import { secretsIn } from '../support/canary.js';
import { CLOSE_CASES } from '../support/close-cases.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';

type Line = readonly [level: string, message: unknown, ...rest: unknown[]];

const lines: Line[] = [];
let shop: TestShop;
let orders = 0;

async function open(change: Partial<WechatPayModuleOptions & WechatPayModuleExtras> = {}): Promise<void> {
  shop = await openShop(change);
  lines.length = 0;
  const keep =
    (level: string) =>
    (message: unknown, ...rest: unknown[]): void =>
      void lines.push([level, message, ...rest]);
  Logger.overrideLogger({ log: keep('log'), warn: keep('warn'), error: keep('error'), debug: keep('debug') });
}

afterEach(async () => {
  Logger.overrideLogger(['error', 'warn', 'log']);
  await shop.close();
});

const newNumber = () => `LOGGED${String(++orders).padStart(6, '0')}`;
const close = (out_trade_no = newNumber()) => ending(shop.service.direct({ out_trade_no }));
/** Each line as its level and its JSON. */
const told = () => lines.map(([level, message]) => [level, JSON.parse(JSON.stringify(message)) as object]);

describe('the log', () => {
  it('is silent where closes succeed, also after retries', async () => {
    await open({ confirm: 'onDoubt', retry: { attempts: 3, baseMs: 1, maxMs: 1 } });
    shop.emulator.faults.add({ kind: 'loseReply', when: { times: 3 } });
    for (const variant of CLOSE_CASES) {
      const number = newNumber();
      variant.place(shop.emulator, number);
      expect(await ending(variant.close(shop.service, number, shop.emulator))).toMatchObject({ state: 'CLOSED' });
    }
    expect(lines).toEqual([]);
  });

  it('is silent about ends that only the caller can act on', async () => {
    await open();
    await close();
    await close('#');
    shop.emulator.startPaying(shop.emulator.place({ out_trade_no: 'LOGPAYING1' }));
    await close('LOGPAYING1');
    expect(lines).toEqual([]);
  });

  it('has one line a call where the order is paid', async () => {
    await open();
    const out_trade_no = newNumber();
    shop.emulator.pay(shop.emulator.place({ out_trade_no }));
    const error = (await close(out_trade_no)) as Error;
    expect(told()).toEqual([
      [
        'warn',
        {
          message: error.message,
          event: 'order_paid',
          operation: 'close',
          variant: 'direct',
          outcome: 'paid',
          error: 'OrderPaidError',
          order: { mchid: '1900000109', out_trade_no },
          code: 'ORDER_PAID',
          status: 400,
          requestId: expect.any(String),
          authenticated: true,
          retryable: false,
          attempts: 1,
        },
      ],
    ]);
    expect(lines[0]?.slice(2)).toEqual(['WechatPay']);
  });

  it('has one line a call, not an attempt, where the outcome is unknown', async () => {
    await open({ retry: { attempts: 3, baseMs: 1, maxMs: 1 } });
    shop.emulator.faults.add({ kind: 'reset', at: 'beforeHeaders' });
    await close();
    expect(told()).toMatchObject([
      ['warn', { event: 'outcome_unknown', phase: 'sent', reason: 'reset', attempts: 3, retryable: true }],
    ]);
  });

  it('has one line a minute for a fault that concerns every call, and says how many it held back', async () => {
    await open();
    shop.clock.stoppedAt = Date.now();
    shop.emulator.faults.add({ kind: 'wrongSignature' });
    for (let count = 0; count < 5; count++) await close();
    await ending(shop.service.query(directVariant, { out_trade_no: newNumber() }));
    expect(told()).toMatchObject([['error', { event: 'key_fault', reason: 'signature' }]]);
    shop.clock.stoppedAt += 60_000;
    shop.emulator.clock.advance(60_000);
    await close();
    expect(told()).toMatchObject([
      ['error', {}],
      ['error', { event: 'key_fault', heldBack: 5, message: expect.stringMatching(/\(5 more lines like this one/) }],
    ]);
  });

  it('has at most 20 lines a minute of a kind about orders', async () => {
    await open();
    shop.clock.stoppedAt = Date.now();
    shop.emulator.faults.add({ kind: 'unsigned' });
    for (let count = 0; count < 30; count++) await close();
    expect(lines).toHaveLength(20);
  });

  it.each([
    ['warn', ['warn']],
    ['error', []],
    [false, []],
  ] as const)('can be turned down: %s', async (logging, levels) => {
    await open({ logging });
    const out_trade_no = newNumber();
    shop.emulator.pay(shop.emulator.place({ out_trade_no }));
    await close(out_trade_no);
    expect(lines.map(([level]) => level)).toEqual(levels);
    // The clock is off by far: a line of its own, and one about the refusal, unless all are off.
    lines.length = 0;
    shop.clock.stoppedAt = Date.now() + 600_000;
    await close();
    expect(lines.map(([level]) => level)).toEqual(
      logging === false ? [] : logging === 'error' ? ['error'] : ['warn', 'error'],
    );
  });

  it('makes no doubt of a proven reply where the logger fails', async () => {
    await open();
    const fail = (): never => {
      throw new Error('no space left on device');
    };
    Logger.overrideLogger({ log: fail, warn: fail, error: fail });
    const out_trade_no = newNumber();
    shop.emulator.place({ out_trade_no });
    // Far enough off to be worth a line.
    shop.clock.stoppedAt = Date.now() + 100_000;
    expect(await close(out_trade_no)).toMatchObject({ state: 'CLOSED' });
  });

  it('refuses a level that is none', async () => {
    await open();
    await expect(openShop({ logging: 'loud' as 'warn' })).rejects.toThrow(/logging is not one of 'error', 'warn'/);
  });

  it('holds no secret', async () => {
    await open();
    for (const kind of ['unsigned', 'wrongSignature', 'html', 'loseReply'] as const) {
      const fault = shop.emulator.faults.add({ kind });
      for (const variant of CLOSE_CASES) await ending(variant.close(shop.service, newNumber(), shop.emulator));
      shop.emulator.faults.remove(fault.id);
    }
    expect(lines.length).toBeGreaterThan(10);
    const text = inspect(lines, { depth: 9, showHidden: true }) + JSON.stringify(lines);
    expect(secretsIn(shop.emulator.credentials, shop.emulator.requests, text)).toEqual([]);
  });

  it.each([true, false])("is one record of Nest's ConsoleLogger, json: %s", async (json) => {
    await open();
    const written: string[] = [];
    const write = process.stdout.write.bind(process.stdout);
    const out_trade_no = newNumber();
    shop.emulator.pay(shop.emulator.place({ out_trade_no }));
    Logger.overrideLogger(new ConsoleLogger({ json, colors: false }));
    process.stdout.write = (chunk: unknown) => written.push(String(chunk)) > 0;
    const error = (await close(out_trade_no)) as Error;
    process.stdout.write = write;
    expect(written).toHaveLength(1);
    if (json) {
      expect(JSON.parse(written[0] ?? '')).toMatchObject({
        level: 'warn',
        context: 'WechatPay',
        message: { message: error.message, event: 'order_paid', order: { out_trade_no } },
      });
    } else expect(written[0]).toMatch(new RegExp(`WARN \\[WechatPay\\] Order ${out_trade_no} .* has been paid.*\\n$`));
  });
});
