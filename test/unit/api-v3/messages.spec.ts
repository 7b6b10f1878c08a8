import { describe, expect, it } from '@jest/globals';

import { authorizationHeader } from '../../../lib/api-v3/authorization.js';
import { replyMessage } from '../../../lib/api-v3/reply-message.js';
import { requestMessage } from '../../../lib/api-v3/request-message.js';

describe('requestMessage', () => {
  it('is vector V6 of the protocol sheet', () => {
    const message = requestMessage({
      method: 'GET',
      target: '/v3/pay/transactions/id/1217752501201407033233368018?mchid=1230000109',
      timestamp: 1_652_750_623,
      nonce: 'eBYqCOxa0QudMnPvVilkTzOg3gHh5Z3u',
      body: '',
    });
    expect(message).toBe(
      'GET\n/v3/pay/transactions/id/1217752501201407033233368018?mchid=1230000109\n1652750623\neBYqCOxa0QudMnPvVilkTzOg3gHh5Z3u\n\n',
    );
  });
});

describe('replyMessage', () => {
  it('ends an empty body with a line feed, too', () => {
    expect(replyMessage('1554209980', 'abc', new Uint8Array()).toString()).toBe('1554209980\nabc\n\n');
  });

  it('keeps the raw bytes', () => {
    const body = Buffer.from([0xff, 0x00, 0x0a]);
    expect(replyMessage('1', 'n', body)).toEqual(Buffer.from([0x31, 0x0a, 0x6e, 0x0a, 0xff, 0x00, 0x0a, 0x0a]));
  });
});

describe('authorizationHeader', () => {
  it('stands on one line', () => {
    const header = authorizationHeader({
      scheme: 'WECHATPAY2-SHA256-RSA2048',
      mchid: '1900000109',
      nonce_str: 'n',
      timestamp: 1,
      serial_no: '1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C',
      signature: 'c2ln',
    });
    expect(header).toBe(
      'WECHATPAY2-SHA256-RSA2048 mchid="1900000109",nonce_str="n",timestamp="1",serial_no="1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C",signature="c2ln"',
    );
  });
});
