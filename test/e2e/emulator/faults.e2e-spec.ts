import { createPublicKey, randomUUID, sign, verify } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { EmulatorControlError, WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import type { Fault } from 'nestjs-wechatpay/emulator';

import { firstMerchant, send, sendV2, sendV3 } from './raw-client.js';
import type { RawReply } from './raw-client.js';

const mchid = '1900000109';
const template = '/v3/pay/transactions/out-trade-no/{out_trade_no}/close';
const pathOf = (number: string): string => `/v3/pay/transactions/out-trade-no/${number}/close`;
const queryPath = `/v3/pay/transactions/out-trade-no/A1?mchid=${mchid}`;

let emulator: WechatPayEmulator;
beforeAll(async () => {
  emulator = await WechatPayEmulator.start();
});
beforeEach(() => {
  emulator.place({ out_trade_no: 'A1' });
  emulator.place({ out_trade_no: 'A2' });
});
afterEach(() => emulator.reset());
afterAll(() => emulator.stop());

const close = async (number = 'A1'): Promise<RawReply> =>
  sendV3(
    emulator,
    'POST',
    pathOf(number),
    { mchid },
    { headers: { 'Wechatpay-Serial': emulator.keys.publicKey.serial } },
  );
const query = async (): Promise<RawReply> => sendV3(emulator, 'GET', queryPath);
const closeV2 = async (): ReturnType<typeof sendV2> => sendV2(emulator, '/pay/closeorder', { out_trade_no: 'A1' });
const stateOf = (number = 'A1'): string | undefined => emulator.order(number)?.state;

/** Whether a reply to {@link close} has the right signature of WeChat Pay's public key. */
function isSigned({ headers, body }: RawReply): boolean {
  const message = `${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n${body.toString()}\n`;
  const signature = Buffer.from(headers['wechatpay-signature'] ?? '', 'base64');
  return verify('sha256', Buffer.from(message), createPublicKey(emulator.credentials.publicKey.publicKey), signature);
}

/** What comes over a socket. */
interface Wire {
  readonly text: string;
  /** `end`, an error code, or that nothing happened for too long. */
  readonly end: string;
  readonly chunks: number;
}

/** Closes order A1 over a socket of its own and waits for the socket's end. */
async function overSocket(patienceMs = 2000): Promise<Wire> {
  const { hostname, port } = new URL(emulator.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    const parts: Buffer[] = [];
    const done = (end: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ text: Buffer.concat(parts).toString('latin1'), end, chunks: parts.length });
    };
    const timer = setTimeout(() => done('impatience'), patienceMs);
    socket.on('data', (part) => parts.push(part));
    socket.on('end', () => done('end'));
    socket.on('error', (error: NodeJS.ErrnoException) => done(String(error.code)));
    socket.write(signedClose());
  });
}

/** The bytes of a right request to close order A1. */
function signedClose(): string {
  const { serialNo, privateKey } = firstMerchant(emulator);
  const body = JSON.stringify({ mchid });
  const timestamp = Math.floor(emulator.clock.now() / 1000);
  const nonce = randomUUID();
  const message = `POST\n${pathOf('A1')}\n${timestamp}\n${nonce}\n${body}\n`;
  const signature = sign('sha256', Buffer.from(message), privateKey).toString('base64');
  return [
    `POST ${pathOf('A1')} HTTP/1.1`,
    'Host: emulator',
    'Accept: application/json',
    'User-Agent: raw',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    `Authorization: WECHATPAY2-SHA256-RSA2048 signature="${signature}",serial_no="${serialNo}",` +
      `nonce_str="${nonce}",timestamp="${timestamp}",mchid="${mchid}"`,
    '',
    body,
  ].join('\r\n');
}

const headOf = (text: string): string => text.split('\r\n\r\n', 1)[0] ?? '';
const bodyOf = (text: string): string => text.slice(headOf(text).length + 4);
const lengthOf = (text: string): number => Number(/^content-length: (\d+)$/im.exec(headOf(text))?.[1]);

describe('faults of the connection', () => {
  it.each<[Fault, string, string]>([
    [{ kind: 'refuse' }, 'end', 'NOTPAY'],
    [{ kind: 'reset', at: 'beforeProcessing' }, 'ECONNRESET', 'NOTPAY'],
    [{ kind: 'reset', at: 'beforeHeaders' }, 'ECONNRESET', 'CLOSED'],
    [{ kind: 'loseReply' }, 'end', 'CLOSED'],
  ])('%j: no byte comes', async (fault, end, state) => {
    emulator.faults.add(fault);
    expect(await overSocket()).toMatchObject({ text: '', end });
    expect(stateOf()).toBe(state);
    await sleep(20);
    expect(emulator.requests[0]).toMatchObject({ aborted: false, faults: ['fault-1'] });
    expect(emulator.requests[0]?.reply).toBeUndefined();
    emulator.faults.clear();
    expect((await close()).status).toBe(204);
  });

  it('reset insideHeaders: the head is not finished', async () => {
    emulator.faults.add({ kind: 'reset', at: 'insideHeaders' });
    const { text, end } = await overSocket();
    expect(text).toMatch(/^HTTP\/1\.1 204 No Content\r\n/);
    expect([text.includes('\r\n\r\n'), end, stateOf()]).toEqual([false, 'ECONNRESET', 'CLOSED']);
  });

  it('reset insideBody: a body is promised and begun', async () => {
    emulator.faults.add({ kind: 'reset', at: 'insideBody' });
    const { text, end } = await overSocket();
    expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect([lengthOf(text), bodyOf(text), end, stateOf()]).toEqual([2, '{', 'ECONNRESET', 'CLOSED']);
    await expect(query()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('stall at headers or body: until the client leaves', async () => {
    const fault = emulator.faults.add({ kind: 'stall', at: 'headers' });
    expect(await overSocket(60)).toMatchObject({ text: '', end: 'impatience' });
    expect(stateOf()).toBe('CLOSED');
    for (let waits = 0; waits < 100 && emulator.requests[0]?.aborted !== true; waits += 1) await sleep(2);
    expect(emulator.requests[0]?.aborted).toBe(true);
    emulator.faults.remove(fault.id);
    emulator.faults.add({ kind: 'stall', at: 'body' });
    const { text, end } = await overSocket(60);
    expect([lengthOf(text), bodyOf(text), end]).toEqual([2, '', 'impatience']);
  });

  it.each<'headers' | 'body'>(['headers', 'body'])('stall at %s for some time: the rest follows', async (at) => {
    emulator.faults.add({ kind: 'stall', at, ms: 50 });
    const started = Date.now();
    const reply = await close();
    expect([reply.status, isSigned(reply)]).toEqual([at === 'headers' ? 204 : 200, true]);
    expect(Date.now() - started).toBeGreaterThanOrEqual(48);
    expect(emulator.requests[0]?.reply?.status).toBe(reply.status);
  });

  it('stop does not wait for a stall', async () => {
    const other = await WechatPayEmulator.start({ keys: emulator.keys });
    other.faults.add({ kind: 'stall', at: 'headers' });
    const stalled = send(other.url, 'GET', '/v3/nothing').catch((error: unknown) => error);
    while (other.requests.length === 0) await sleep(2);
    await other.stop();
    expect(await stalled).toMatchObject({ code: 'ECONNRESET' });
  });

  it('drip: all bytes, one at a time', async () => {
    emulator.faults.add({ kind: 'drip', ms: 1 });
    const { text, end, chunks } = await overSocket(5000);
    expect(text).toMatch(/^HTTP\/1\.1 204 No Content\r\n.*\r\n\r\n$/s);
    expect([end, chunks > 100]).toEqual(['end', true]);
    expect(emulator.requests[0]?.reply?.status).toBe(204);
  });

  it('garbage: what comes is not HTTP', async () => {
    emulator.faults.add({ kind: 'garbage', text: 'SSH-2.0-x\r\n', when: { times: 1 } });
    emulator.faults.add({ kind: 'garbage' });
    expect(await overSocket()).toMatchObject({ text: 'SSH-2.0-x\r\n', end: 'end' });
    expect(stateOf()).toBe('CLOSED');
    await expect(close()).rejects.toMatchObject({ code: expect.stringMatching(/^HPE_/) });
  });

  it('truncate: less than Content-Length is sent', async () => {
    emulator.faults.add({ kind: 'truncate', when: { times: 1 } });
    emulator.faults.add({ kind: 'truncate', bytes: 1000 });
    const { text, end } = await overSocket();
    expect([lengthOf(text), bodyOf(text), end]).toEqual([2, '{', 'end']);
    expect(bodyOf((await overSocket()).text)).toBe('');
    await expect(query()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it.each([
    [5, 7],
    [-1, 1],
    [-9, 0],
  ])('contentLength off by %i: it says %i', async (off, said) => {
    emulator.faults.add({ kind: 'contentLength', off });
    const { text, end } = await overSocket();
    expect([lengthOf(text), bodyOf(text), end]).toEqual([said, '{}', 'end']);
    expect(headOf(text).match(/content-length/gi)).toHaveLength(1);
  });

  it('the first of two applies; the other is not counted', async () => {
    emulator.faults.add({ kind: 'reset', at: 'beforeHeaders', when: { times: 1 } });
    const second = emulator.faults.add({ kind: 'garbage' });
    await expect(close()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(second).toMatchObject({ matched: 0, applied: 0 });
  });
});

describe('faults of the reply', () => {
  it('delay', async () => {
    emulator.faults.add({ kind: 'delay', ms: 40 });
    const started = Date.now();
    const reply = await close();
    expect([reply.status, isSigned(reply)]).toEqual([204, true]);
    expect(Date.now() - started).toBeGreaterThanOrEqual(38);
  });

  it('status', async () => {
    emulator.faults.add({ kind: 'status', status: 503 });
    const reply = await close();
    expect([reply.status, isSigned(reply), stateOf()]).toEqual([503, true, 'CLOSED']);
  });

  it('html', async () => {
    emulator.faults.add({ kind: 'html', when: { times: 1 }, processed: false });
    emulator.faults.add({ kind: 'html', status: 200, page: '<p>微信' });
    const gateway = await close();
    expect([gateway.status, gateway.headers['content-type'], stateOf()]).toEqual([
      200,
      'text/html; charset=utf-8',
      'NOTPAY',
    ]);
    emulator.reset();
    emulator.faults.add({ kind: 'html' });
    const page = await query();
    expect([page.status, page.body.toString()]).toEqual([502, expect.stringContaining('<h1>502 Bad Gateway</h1>')]);
    expect(page.headers).not.toHaveProperty('wechatpay-signature');
  });

  it('redirect', async () => {
    emulator.faults.add({ kind: 'redirect', location: 'https://example.com/', status: 307 });
    const { status, headers } = await close();
    expect([status, headers.location, headers['content-length']]).toEqual([307, 'https://example.com/', '0']);
    expect(stateOf()).toBe('CLOSED');
  });

  it('unsigned', async () => {
    emulator.faults.add({ kind: 'unsigned' });
    const { status, headers } = await close();
    expect([status, Object.keys(headers).some((name) => name.startsWith('wechatpay'))]).toEqual([204, false]);
    expect((await closeV2()).text).not.toContain('<sign>');
  });

  it('wrongSignature', async () => {
    const right = (await closeV2()).text;
    emulator.faults.add({ kind: 'wrongSignature' });
    const reply = await close('A2');
    expect([reply.status, reply.headers['wechatpay-signature']?.length, isSigned(reply)]).toEqual([204, 344, false]);
    const { text } = await closeV2();
    expect([text.includes('<sign>'), text === right]).toEqual([true, false]);
  });

  it('signTest', async () => {
    emulator.faults.add({ kind: 'signTest' });
    const { headers } = await close();
    expect(headers['wechatpay-signature']).toMatch(/^WECHATPAY\/SIGNTEST\/[\w+/]{342}==$/);
    expect((await closeV2()).text).toContain('<sign>');
  });

  it('replay: the latest reply, or that of a request', async () => {
    emulator.faults.add({ kind: 'replay', when: { times: 1 } });
    const first = await close();
    const second = await query();
    emulator.faults.add({ kind: 'replay', when: { times: 1 } });
    expect((await close('A2')).body).toEqual(second.body);
    emulator.faults.add({ kind: 'replay', request: 1 });
    const again = await query();
    expect([again.status, again.headers['wechatpay-nonce']]).toEqual([204, first.headers['wechatpay-nonce']]);
    expect(stateOf('A2')).toBe('CLOSED');
  });

  it.each([-301, 301])('stale by %i seconds', async (offsetSeconds) => {
    emulator.faults.add({ kind: 'stale', offsetSeconds });
    const reply = await close();
    const off = Number(reply.headers['wechatpay-timestamp']) - Date.now() / 1000;
    expect(Math.abs(off - offsetSeconds)).toBeLessThan(3);
    expect(isSigned(reply)).toBe(true);
  });

  it('header missing, empty and doubled', async () => {
    emulator.faults.add({ kind: 'header', name: 'wechatpay-nonce', make: 'missing' });
    emulator.faults.add({ kind: 'header', name: 'Wechatpay-Serial', make: 'empty' });
    emulator.faults.add({ kind: 'header', name: 'WECHATPAY-TIMESTAMP', make: 'doubled' });
    const { headers } = await close();
    expect(headers).not.toHaveProperty('wechatpay-nonce');
    expect([headers['wechatpay-serial'], headers['wechatpay-timestamp']]).toEqual([
      '',
      expect.stringMatching(/^(\d+), \1$/),
    ]);
  });

  it('unknownSerial', async () => {
    emulator.faults.add({ kind: 'unknownSerial' });
    const { headers } = await close();
    const { publicKey, platform } = emulator.credentials;
    expect(headers['wechatpay-serial']).toMatch(/^[0-9A-F]{40}$/);
    expect([publicKey.id, platform.serialNo]).not.toContain(headers['wechatpay-serial']);
  });

  it('compress', async () => {
    emulator.faults.add({ kind: 'compress' });
    const { headers, body } = await query();
    expect(headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(body).toString())).toMatchObject({ out_trade_no: 'A1', trade_state: 'NOTPAY' });
    expect((await close()).headers).not.toHaveProperty('content-encoding');
  });

  it('oversize', async () => {
    emulator.faults.add({ kind: 'oversize', bytes: 3_000_000 });
    const reply = await close();
    expect([reply.status, reply.body.length, isSigned(reply)]).toEqual([200, 3_000_000, true]);
    expect((await closeV2()).text).toHaveLength(3_000_000);
  });

  it('throttle: nothing is processed, unless it shall be', async () => {
    emulator.faults.add({ kind: 'throttle', retryAfter: '5', when: { times: 2 } });
    const reply = await close();
    expect([reply.status, reply.json.code, reply.headers['retry-after']]).toEqual([429, 'FREQUENCY_LIMITED', '5']);
    expect([isSigned(reply), stateOf()]).toEqual([true, 'NOTPAY']);
    expect((await closeV2()).text).toContain('FREQUENCY_LIMITED');
    expect(stateOf()).toBe('NOTPAY');
    emulator.faults.add({ kind: 'throttle', processed: true });
    expect((await close()).headers).not.toHaveProperty('retry-after');
    expect(stateOf()).toBe('CLOSED');
  });

  it('systemError', async () => {
    emulator.faults.add({ kind: 'systemError' });
    const reply = await close();
    expect([reply.status, reply.json.code, isSigned(reply), stateOf()]).toEqual([500, 'SYSTEM_ERROR', true, 'CLOSED']);
    expect((await closeV2()).text).toMatch(/<err_code><!\[CDATA\[SYSTEMERROR\]\]>.*<sign>/s);
  });

  it('inProgress', async () => {
    emulator.faults.add({ kind: 'inProgress', processed: false });
    const reply = await close();
    expect([reply.status, reply.json.code, isSigned(reply), stateOf()]).toEqual([202, 'USER_PAYING', true, 'NOTPAY']);
  });

  it('several at once, and one of the connection after them', async () => {
    emulator.faults.add({ kind: 'redirect', location: '/' });
    emulator.faults.add({ kind: 'header', name: 'Location', make: 'doubled' });
    emulator.faults.add({ kind: 'truncate' });
    const { text } = await overSocket();
    expect(text).toMatch(/^HTTP\/1\.1 302 Found\r\n.*Location: \/\r\nLocation: \/\r\n/s);
    expect([lengthOf(text), bodyOf(text)]).toEqual([2, '{']);
    expect(emulator.requests[0]?.faults).toEqual(['fault-1', 'fault-2', 'fault-3']);
  });

  it('those about signatures and answers leave a 401 alone', async () => {
    for (const kind of ['throttle', 'systemError', 'wrongSignature', 'signTest'] as const)
      emulator.faults.add({ kind });
    const { status, headers } = await sendV3(emulator, 'POST', pathOf('A1'), { mchid }, { mchid: '1' });
    expect([status, Object.keys(headers).some((name) => name.startsWith('wechatpay'))]).toEqual([401, false]);
  });

  it('come after the rewrites of a test', async () => {
    emulator.beforeSigning(() => ({ status: 201, body: { a: 1 } }));
    emulator.faults.add({ kind: 'oversize', bytes: 9 });
    const reply = await close();
    expect([reply.status, reply.body.toString(), isSigned(reply)]).toEqual([201, '{"a":1}  ', true]);
    emulator.afterSigning(() => 'drop');
    await expect(close()).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('faults of the order', () => {
  it('payDuringClose: the close finds a paid order', async () => {
    const fault = emulator.faults.add({ kind: 'payDuringClose' });
    expect((await query()).json.trade_state).toBe('NOTPAY');
    const reply = await close();
    expect([reply.status, reply.json.code, stateOf()]).toEqual([400, 'ORDER_PAID', 'SUCCESS']);
    await close();
    expect(fault).toMatchObject({ matched: 1, applied: 1 });
  });

  it('payDuringClose also of APIv2, and of an order being paid', async () => {
    emulator.startPaying('A1');
    emulator.faults.add({ kind: 'payDuringClose' });
    expect((await closeV2()).text).toContain('ORDERPAID');
    expect(stateOf()).toBe('SUCCESS');
  });

  it('loseReply: only where the close closes', async () => {
    const fault = emulator.faults.add({ kind: 'loseReply' });
    emulator.pay('A2');
    expect((await close('A2')).status).toBe(400);
    await expect(close()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(stateOf()).toBe('CLOSED');
    expect((await close()).status).toBe(204);
    expect(fault.applied).toBe(1);
  });
});

describe('when a fault applies', () => {
  const statuses = async (...numbers: readonly string[]): Promise<readonly number[]> => {
    const all: number[] = [];
    for (const number of numbers) all.push((await close(number)).status);
    return all;
  };

  it('times and after', async () => {
    const fault = emulator.faults.add({ kind: 'status', status: 500, when: { after: 1, times: 2 } });
    expect(await statuses('A1', 'A1', 'A1', 'A1')).toEqual([204, 500, 500, 204]);
    expect(fault).toMatchObject({ matched: 3, applied: 2 });
    expect(emulator.requests.map(({ faults }) => faults.length)).toEqual([0, 1, 1, 0]);
  });

  it('path: a prefix or a template', async () => {
    emulator.faults.add({ kind: 'status', status: 500, when: { path: template } });
    expect([await statuses('A1'), (await query()).status]).toEqual([[500], 200]);
    emulator.faults.clear();
    emulator.faults.add({ kind: 'status', status: 500, when: { path: pathOf('A1').replace('/close', '') } });
    expect([await statuses('A1', 'A2'), (await query()).status]).toEqual([[500, 204], 500]);
    emulator.faults.clear();
    emulator.faults.add({ kind: 'status', status: 500, when: { path: '/pay/' } });
    expect([(await closeV2()).status, (await query()).status]).toEqual([500, 200]);
  });

  it('out_trade_no: in path, JSON, XML, and by transaction id', async () => {
    emulator.faults.add({ kind: 'status', status: 500, when: { out_trade_no: 'A1' } });
    expect(await statuses('A1', 'A2')).toEqual([500, 204]);
    expect((await closeV2()).status).toBe(500);
    const placed = await sendV3(emulator, 'POST', '/v3/pay/transactions/native', { out_trade_no: 'A1' });
    expect(placed.status).toBe(500);
    const order = emulator.place({ kind: 'overseas', out_trade_no: 'A1' });
    const target = `/hk/v3/transactions/id/${order.transaction_id}/close`;
    expect((await sendV3(emulator, 'POST', target, { mchid })).status).toBe(500);
    expect((await send(emulator.url, 'POST', '/nothing', {}, '<not-xml')).status).toBe(404);
    expect((await send(emulator.url, 'POST', pathOf('%E0'), {}, '[1')).status).toBe(400);
  });

  it('probability: the same seed decides the same', async () => {
    const decisions = async (seed: number): Promise<string> => {
      emulator.faults.seed(seed);
      return (await statuses(...Array.from({ length: 24 }, () => 'A1'))).join(' ');
    };
    emulator.faults.add({ kind: 'status', status: 500, when: { probability: 0.5 } });
    const seven = await decisions(7);
    expect([seven.includes('500'), seven.includes('204')]).toEqual([true, true]);
    expect(await decisions(7)).toBe(seven);
    expect(await decisions(8)).not.toBe(seven);
    emulator.faults.clear();
    emulator.faults.add({ kind: 'status', status: 500, when: { probability: 0 } });
    expect(await statuses('A1', 'A1')).toEqual([204, 204]);
    emulator.faults.add({ kind: 'status', status: 501, when: { probability: 1 } });
    expect(await statuses('A1')).toEqual([501]);
  });

  it('control requests are spared, and reset forgets', async () => {
    emulator.faults.add({ kind: 'refuse' });
    expect((await send(emulator.url, 'GET', '/emulator/orders')).status).toBe(200);
    emulator.reset();
    expect(emulator.faults.all()).toEqual([]);
    expect(emulator.faults.add({ kind: 'refuse' }).id).toBe('fault-1');
  });
});

describe('the control API', () => {
  const call = async (method: string, path: string, body?: unknown): Promise<RawReply> =>
    send(emulator.url, method, `/emulator/${path}`, {}, body === undefined ? '' : JSON.stringify(body));

  it('adds, shows, seeds and takes away', async () => {
    const fault = { kind: 'status', status: 500, when: { path: template, times: 1 } };
    const added = await call('POST', 'faults', fault);
    expect([added.status, added.json]).toEqual([201, { id: 'fault-1', ...fault, matched: 0, applied: 0 }]);
    await call('POST', 'faults', { kind: 'loseReply', when: { out_trade_no: 'A2' } });
    expect((await close()).status).toBe(500);
    expect((await call('GET', 'faults')).json).toMatchObject({
      faults: [
        { id: 'fault-1', matched: 1, applied: 1 },
        { id: 'fault-2', matched: 0, applied: 0 },
      ],
    });
    expect(Object.values((await call('GET', 'requests')).json.requests ?? {})[0]?.faults).toEqual(['fault-1']);
    expect((await call('POST', 'fault-seed', { seed: 3 })).status).toBe(200);
    expect((await call('DELETE', 'faults/fault-1')).status).toBe(200);
    expect(emulator.faults.all().map(({ id }) => id)).toEqual(['fault-2']);
    expect((await call('DELETE', 'faults')).status).toBe(200);
    expect((await call('GET', 'faults')).json).toEqual({ faults: [] });
  });

  it.each([
    ['POST', 'faults', undefined],
    ['POST', 'faults', { kind: 'other' }],
    ['POST', 'faults', { kind: 'refuse', extra: 1 }],
    ['POST', 'faults', { kind: 'refuse', when: { method: 'GET' } }],
    ['POST', 'faults', { kind: 'refuse', when: { times: 0 } }],
    ['POST', 'faults', { kind: 'refuse', when: { after: -1 } }],
    ['POST', 'faults', { kind: 'refuse', when: { probability: 1.1 } }],
    ['POST', 'faults', { kind: 'refuse', when: { path: 'pay' } }],
    ['POST', 'faults', { kind: 'reset' }],
    ['POST', 'faults', { kind: 'stall', at: 'headers', ms: -1 }],
    ['POST', 'faults', { kind: 'drip', ms: 1e12 }],
    ['POST', 'faults', { kind: 'contentLength', off: 0 }],
    ['POST', 'faults', { kind: 'status', status: 100 }],
    ['POST', 'faults', { kind: 'html', status: 304 }],
    ['POST', 'faults', { kind: 'redirect', location: 'a\r\nb' }],
    ['POST', 'faults', { kind: 'redirect', location: '/', status: 300 }],
    ['POST', 'faults', { kind: 'header', name: 'content-LENGTH', make: 'missing' }],
    ['POST', 'faults', { kind: 'header', name: 'a b', make: 'missing' }],
    ['POST', 'faults', { kind: 'oversize', bytes: 1e9 }],
    ['POST', 'fault-seed', { seed: 0.5 }],
    ['DELETE', 'faults/fault-9', undefined],
  ])('answers %s %s %j with a sentence', async (method, path, body) => {
    const reply = await call(method, path, body);
    expect([reply.status, reply.json.error]).toEqual([400, expect.stringMatching(/^[A-Z].*\.$/)]);
    expect(emulator.faults.all()).toEqual([]);
  });

  it('says the same in process', () => {
    expect(() => emulator.faults.add({ kind: 'drip', ms: -1 })).toThrow(/^The fault cannot be added: ms: .*>=0\.$/);
    expect(() => emulator.faults.seed(Number.NaN)).toThrow(EmulatorControlError);
    expect(() => emulator.faults.remove('fault-9')).toThrow('There is no fault fault-9.');
  });
});
