import { verify } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';

import { Traffic } from '../../../lib/environment/traffic.js';
import { BuiltInRsaSha256Signer } from '../../../lib/signers/built-in-rsa-sha256.signer.js';
import { RsaSha256Signer } from '../../../lib/signers/rsa-sha256.signer.js';
import type { Signer } from '../../../lib/signers/signer.js';
import { rsaPair } from '../../support/keys.js';

const pair = rsaPair();
const identity = { mchid: '1900000109', key: pair.privateKey, signal: new AbortController().signal };
const turnEnds = () => new Promise((resolve) => setImmediate(resolve));

/** Whether the signature is there before anything else in this process can happen. */
async function isAtOnce(signature: ReturnType<Signer['sign']>): Promise<boolean> {
  let isThere = false;
  const noted = Promise.resolve(signature).then(() => (isThere = true));
  for (let tick = 0; tick < 5; tick++) await Promise.resolve();
  const result = isThere;
  await noted;
  return result;
}

describe('the built-in RSA signer', () => {
  it('signs at once for a call that is alone', async () => {
    const signer = new BuiltInRsaSha256Signer(new Traffic());
    await expect(isAtOnce(signer.sign('one', identity))).resolves.toBe(true);
    await expect(isAtOnce(signer.sign('another', identity))).resolves.toBe(true);
  });

  it.each(['signing', 'sending', 'verifying'] as const)(
    'signs on the threadpool while another call is %s',
    async (step) => {
      const traffic = new Traffic();
      const signer = new BuiltInRsaSha256Signer(traffic);
      traffic[step].begin();
      await expect(isAtOnce(signer.sign('one', identity))).resolves.toBe(false);
      traffic[step].leaveOut();
      await expect(isAtOnce(signer.sign('another', identity))).resolves.toBe(true);
    },
  );
});

describe('the RSA signer that an application may extend', () => {
  it('signs one at once in a turn of the event loop, and the others on the threadpool', async () => {
    const signer = new RsaSha256Signer();
    const [first, second] = [isAtOnce(signer.sign('1', identity)), isAtOnce(signer.sign('2', identity))];
    await expect(first).resolves.toBe(true);
    // The turn may have ended, but the second is under way.
    await expect(isAtOnce(signer.sign('3', identity))).resolves.toBe(false);
    await expect(second).resolves.toBe(false);
    await turnEnds();
    await expect(isAtOnce(signer.sign('4', identity))).resolves.toBe(true);
  });

  it('signs at once again after one that failed on the threadpool', async () => {
    const signer = new RsaSha256Signer();
    await signer.sign('1', identity);
    await expect(signer.sign('2', { ...identity, key: pair.publicKey })).rejects.toThrow();
    await turnEnds();
    await expect(isAtOnce(signer.sign('3', identity))).resolves.toBe(true);
  });
});

it.each<[string, (traffic: Traffic) => Signer]>([
  ['the built-in one', (traffic) => new BuiltInRsaSha256Signer(traffic)],
  ['the one that an application may extend', () => new RsaSha256Signer()],
])('%s signs right, at once and on the threadpool', async (_, make) => {
  const traffic = new Traffic();
  const signer = make(traffic);
  for (const message of ['one', 'two', '三']) {
    const asked = [signer.sign(message, identity), signer.sign(message, identity)];
    for (const signature of asked) {
      const bytes = Buffer.from(await signature, 'base64');
      expect(verify('RSA-SHA256', Buffer.from(message), pair.publicKey, bytes)).toBe(true);
    }
    traffic.sending.begin();
  }
});
