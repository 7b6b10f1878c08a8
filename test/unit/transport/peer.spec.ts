import { describe, expect, it } from '@jest/globals';

import { peerOf } from '../../../lib/transport/peer.js';
import { RawHeaders } from '../../../lib/transport/reply-headers.js';

describe('peerOf', () => {
  it.each([
    ['https://api.mch.weixin.qq.com', { isSecure: true, hostname: 'api.mch.weixin.qq.com' }],
    ['https://example.com:443', { isSecure: true, hostname: 'example.com' }],
    ['http://127.0.0.1:8080', { isSecure: false, hostname: '127.0.0.1', port: '8080' }],
    ['https://[::1]:8443', { isSecure: true, hostname: '::1', port: '8443' }],
  ])('reads %s', (origin, peer) => {
    expect(peerOf(origin)).toEqual({ ...peer, underWay: 0 });
  });
});

describe('RawHeaders', () => {
  const headers = new RawHeaders([
    'Wechatpay-Nonce',
    'a',
    'wechatpay-nonce',
    'b',
    '__proto__',
    'c',
    'Date',
    'Wechatpay-Nonce',
  ]);

  it('finds every value of a header, in whatever letters it came', () => {
    expect(headers.get('wechatpay-nonce')).toEqual(['a', 'b']);
    expect(headers.has('wechatpay-nonce')).toBe(true);
  });

  it('finds what is named like a member of every object, and nothing that did not come', () => {
    expect(headers.get('__proto__')).toEqual(['c']);
    expect(headers.get('tostring')).toBeUndefined();
    expect(headers.has('wechatpay-serial')).toBe(false);
  });

  it('names each header once', () => {
    expect([...headers]).toEqual([
      ['wechatpay-nonce', ['a', 'b']],
      ['__proto__', ['c']],
      ['date', ['Wechatpay-Nonce']],
    ]);
  });
});
