import { describe, expect, it } from '@jest/globals';

import { readApiV3Answer } from '../../../lib/api-v3/read-answer.js';
import { saidIn } from '../../support/said-in.js';

function read(
  status: number,
  body: string | Uint8Array = '',
  requestId: readonly string[] = [],
  secrets: string[] = [],
) {
  const headers = new Map([['request-id', requestId]]);
  const none = { clockSkew: undefined, retryAfterMs: undefined };
  return saidIn(readApiV3Answer({ status, headers, body: Buffer.from(body) }, secrets, none));
}

const error = (content: object) => JSON.stringify(content);

describe('readApiV3Answer', () => {
  it('takes a 204 without a body for done, and nothing else', () => {
    expect({ ...read(204) }).toStrictEqual({ kind: 'done', status: 204 });
    expect(read(204, ' ').kind).toBe('unrecognized');
    expect(read(204, '{}').kind).toBe('unrecognized');
    expect(read(200).kind).toBe('unrecognized');
    expect(read(205).kind).toBe('unrecognized');
  });

  it('takes a 200 with an object for content, and nothing else', () => {
    expect({ ...read(200, '{"trade_state":"CLOSED"}') }).toStrictEqual({
      kind: 'content',
      status: 200,
      content: expect.objectContaining({ trade_state: 'CLOSED' }),
    });
    expect(read(201, '{}').kind).toBe('unrecognized');
  });

  it.each([
    ['an array', '[]'],
    ['null', 'null'],
    ['a text', '"CLOSED"'],
    ['a number', '1'],
    ['half an object', '{"a":'],
    ['HTML', '<html></html>'],
    ['what is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ])('takes %s for no object', (_, body) => {
    const answer = read(200, body);
    expect({ ...answer }).toStrictEqual({ kind: 'unrecognized', status: 200 });
  });

  it.each<[number, string, string]>([
    [202, '', 'processing'],
    [202, '{}', 'processing'],
    [202, error({ code: 'USERPAYING' }), 'processing'],
    [202, error({ code: 'USER_PAYING' }), 'processing'],
    [202, error({ code: 1 }), 'processing'],
    [202, error({ code: 'ORDER_PAID' }), 'failed'],
    [202, error({ code: 'USER_PAYING_X' }), 'failed'],
    [202, error({ code: 'X_USER_PAYING' }), 'failed'],
    [202, error({ code: 'user paying' }), 'failed'],
    [399, '', 'unrecognized'],
    [302, error({ code: 'USER_PAYING' }), 'unrecognized'],
    [206, error({ code: 'ORDER_CLOSED' }), 'unrecognized'],
    [400, '', 'failed'],
    [404, error({ code: 'ORDER_NOT_EXIST' }), 'failed'],
    [500, '<html>', 'failed'],
  ])('reads HTTP %d with %p as %s', (status, body, kind) => {
    expect(read(status, body)).toMatchObject({ kind, status });
  });

  it('keeps code, words and detail of an error', () => {
    const detail = { field: '/a', value: 'b', issue: 'c', location: 'body', more: 'd' };
    expect({ ...read(400, error({ code: 'PARAM_ERROR', message: '参数错误', detail, more: 1 })) }).toStrictEqual({
      kind: 'failed',
      status: 400,
      code: 'PARAM_ERROR',
      description: '参数错误',
      detail: { field: '/a', value: 'b', issue: 'c', location: 'body' },
    });
    expect(read(400, error({ detail: { field: 1, value: 'b' } })).detail).toStrictEqual({ value: 'b' });
  });

  it.each<[string, object]>([
    ['a code of 33 characters', { code: 'A'.repeat(33) }],
    ['an empty code', { code: '' }],
    ['a code with a space before', { code: ' ORDER_PAID' }],
    ['a code with a line break after', { code: 'ORDER_PAID\n' }],
    ['a number for a code', { code: 1 }],
    ['a number for words', { message: 1 }],
    ['a text for detail', { detail: 'x' }],
    ['an array for detail', { detail: [{ field: 'x' }] }],
    ['null for detail', { detail: null }],
  ])('leaves out %s', (_, content) => {
    expect({ ...read(400, error(content)) }).toStrictEqual({ kind: 'failed', status: 400 });
  });

  it('keeps a code of 32 characters', () => {
    expect(read(400, error({ code: 'A'.repeat(32) })).code).toBe('A'.repeat(32));
  });

  it.each<[string, string | undefined]>([
    ['08AB-268449641', '268449641'],
    ['08AB-1-2', '2'],
    ['08AB-123456789012', '123456789012'],
    ['08AB-1234567890123', undefined],
    ['08AB-0', undefined],
    ['08AB-', undefined],
    ['08AB-12x', undefined],
    ['08AB12', undefined],
  ])('reads the internal code of the Request-ID %s', (requestId, internalCode) => {
    const answer = read(204, '', [requestId]);
    expect(answer.requestId).toBe(requestId);
    expect(answer.internalCode).toBe(internalCode);
    expect(Object.keys(answer).includes('internalCode')).toBe(internalCode !== undefined);
  });

  it('keeps no Request-ID that came twice', () => {
    expect({ ...read(204, '', ['a-1', 'b-2']) }).toStrictEqual({ kind: 'done', status: 204 });
  });

  it('tells the Request-ID of any kind of answer', () => {
    for (const [status, body] of [
      [204, ''],
      [200, '{}'],
      [202, ''],
      [400, '{}'],
      [302, ''],
    ] as const) {
      expect(read(status, body, ['08AB-7'])).toMatchObject({ requestId: '08AB-7', internalCode: '7' });
    }
  });

  it('repeats nothing that was sent in confidence', () => {
    const secret = 'uOVRnA4qG/MNnYzdQxJanN+zU+lTgIcn';
    const answer = read(400, error({ message: secret, detail: { value: secret } }), [secret], [secret]);
    for (const words of [answer.requestId, answer.description, Object(answer.detail).value])
      expect(words).toMatch(/^\[redacted/);
  });

  it('inherits nothing, and neither do its members', () => {
    for (const [status, body] of [
      [204, ''],
      [200, '{}'],
      [400, '{}'],
      [302, ''],
    ] as const)
      read(status, body);
    expect('toString' in (read(200, '{}').content ?? {})).toBe(false);
  });
});
