import { constants, createPublicKey, privateDecrypt, publicEncrypt, randomUUID, verify } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { keys } from '../../support/test-shop.js';
import { firstMerchant, sendV3 } from './raw-client.js';

const PATH = '/v3/security/echo';
const padding = constants.RSA_PKCS1_OAEP_PADDING;
let emulator: WechatPayEmulator;
beforeAll(async () => {
  emulator = await WechatPayEmulator.start({ keys });
});
afterAll(() => emulator.stop());

describe('the self-test of WeChat Pay on the emulator', () => {
  it('says what it was told, signed with the key that the request names', async () => {
    const echo_message = randomUUID();
    const { id, publicKey } = emulator.credentials.publicKey;
    const reply = await sendV3(emulator, 'POST', PATH, { echo_message }, { headers: { 'Wechatpay-Serial': id } });
    expect([reply.status, reply.json]).toEqual([200, { echo_message }]);
    const { headers, body } = reply;
    const message = `${headers['wechatpay-timestamp']}\n${headers['wechatpay-nonce']}\n${body.toString()}\n`;
    const signature = Buffer.from(headers['wechatpay-signature'] ?? '', 'base64');
    expect(verify('sha256', Buffer.from(message), createPublicKey(publicKey), signature)).toBe(true);
  });

  it('refuses a request whose signature is wrong', async () => {
    const reply = await sendV3(emulator, 'POST', PATH, { echo_message: 'a' }, { signedBody: '{"echo_message":"b"}' });
    expect([reply.status, reply.json.code]).toEqual([401, 'SIGN_ERROR']);
  });

  it('gives back what came encrypted, encrypted for the merchant', async () => {
    const { id, publicKey } = emulator.credentials.publicKey;
    const encrypted_echo_message = publicEncrypt({ key: publicKey, padding }, Buffer.from('in private')).toString(
      'base64',
    );
    const content = { echo_message: 'a', encrypted_echo_message };
    const reply = await sendV3(emulator, 'POST', PATH, content, { headers: { 'Wechatpay-Serial': id } });
    const returned = Buffer.from(JSON.stringify(reply.json.encrypted_echo_message), 'base64');
    expect(privateDecrypt({ key: firstMerchant(emulator).privateKey, padding }, returned).toString()).toBe(
      'in private',
    );
  });

  it.each([
    ['no message', {}],
    ['an empty message', { echo_message: '' }],
    ['a field that it does not know', { echo_message: 'a', other: 1 }],
    ['a notify_url without TLS', { echo_message: 'a', notify_url: 'http://shop.example/' }],
    ['a message encrypted with another key', { echo_message: 'a', encrypted_echo_message: 'AAAA' }],
  ])('refuses %s', async (_, content) => {
    const reply = await sendV3(emulator, 'POST', PATH, content);
    expect([reply.status, reply.json.code]).toEqual([400, 'PARAM_ERROR']);
  });
});
