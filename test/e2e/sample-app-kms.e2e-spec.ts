import { createPublicKey } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Logger } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import { signerConformance } from 'nestjs-wechatpay/testing';

import { createApp } from '../../sample-app/src/create-app.js';
import { KmsSigner } from '../../sample-app/src/kms/kms.signer.js';
import { StandInKms } from '../../sample-app/src/kms/stand-in-kms.js';
import { readSettings } from '../../sample-app/src/settings.js';
import { until } from '../support/until.js';

const MCHIDS = ['1900000109', '1900000110'];

describe('a shop whose private key is in a KMS', () => {
  let app: NestExpressApplication;
  let url: string;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sample-app-kms-'));
    app = await createApp(readSettings({ KMS: '1', CLOSE_STORE: join(folder, 'closes.db') }));
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  const ask = async (path: string, body?: object) => {
    const headers = { 'Content-Type': 'application/json' };
    const response = await fetch(
      url + path,
      body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) },
    );
    return { status: response.status, body: (await response.json()) as Record<string, any> };
  };

  /** Places an order and closes it. */
  const closeOne = async () => {
    const placed = await ask('/shop/orders', { kind: 'basic' });
    const choice = placed.body['closes'].find(({ variant }: { variant: string }) => variant === 'direct');
    return { id: placed.body['id'] as string, ...(await ask(choice.path, choice.body)) };
  };

  const signatures = async () => (await ask('/status')).body['kms'].signatures as number;

  it('has its closes signed there, and WeChat Pay takes the signatures', async () => {
    const before = await signatures();
    expect(await closeOne()).toMatchObject({ status: 200, body: { state: 'CLOSED', variant: 'direct' } });
    expect(await signatures()).toBe(before + 1);
    expect(app.get(WechatPayEmulator, { strict: false }).requests.at(-1)).toMatchObject({ verdict: 'verified' });
  });

  it('never has the key itself', () => {
    const emulator = app.get(WechatPayEmulator, { strict: false });
    expect(emulator.options().merchants[0]?.apiV3).not.toHaveProperty('privateKey');
  });

  it('is in doubt, with nothing sent, where the KMS is gone', async () => {
    const emulator = app.get(WechatPayEmulator, { strict: false });
    await app.get(StandInKms, { strict: false }).stop();
    const sent = emulator.requests.length;
    const { id, status, body } = await closeOne();
    expect({ status, body }).toMatchObject({
      status: 504,
      body: { outcome: 'unknown', phase: 'notSent', reason: 'signer' },
    });
    expect(emulator.requests).toHaveLength(sent);
    expect(emulator.order(id)?.state).toBe('NOTPAY');
  });
});

describe('its signer', () => {
  let kms: StandInKms;
  let silent: Server;
  /** How many requests it has had, and how many of them have not been given up. */
  const silence = { asked: 0, waiting: 0 };
  beforeAll(async () => {
    // What the KMS refuses is logged, and some cases make it refuse.
    Logger.overrideLogger(false);
    kms = await StandInKms.start(MCHIDS);
    silent = createServer((_, response) => {
      silence.asked += 1;
      silence.waiting += 1;
      response.once('close', () => (silence.waiting -= 1));
    }).listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  afterAll(async () => {
    await kms.stop();
    silent.close();
    silent.closeAllConnections();
  });

  const cases = signerConformance(() => new KmsSigner(kms.access), {
    scheme: 'WECHATPAY2-SHA256-RSA2048',
    merchants: () => MCHIDS.map((mchid) => ({ mchid, checkKey: createPublicKey(kms.publicKeyOf(mchid)) })),
    makeStuck: () => {
      const { port } = silent.address() as AddressInfo;
      return new KmsSigner({ ...kms.access, url: `http://127.0.0.1:${port}`, deadlineMs: 60_000 });
    },
    secrets: () => [kms.access.token],
  });
  it.each(cases)('$name', ({ run }) => run());

  const refused = signerConformance(() => new KmsSigner(kms.access), {
    scheme: 'WECHATPAY2-SHA256-RSA2048',
    merchants: () => MCHIDS.map((mchid) => ({ mchid, checkKey: createPublicKey(kms.publicKeyOf(mchid)) })),
    makeBroken: () => new KmsSigner({ ...kms.access, token: 'a token that the KMS does not know' }),
    secrets: () => ['a token that the KMS does not know'],
  }).filter(({ name }) => /cannot sign|no key|no secret/.test(name));
  it.each(refused)('with a token that the KMS does not know: $name', ({ run }) => run());

  it('has given up its requests to a KMS that keeps silent', async () => {
    await until(() => silence.waiting === 0);
    expect(silence.asked).toBeGreaterThan(1);
  });

  it('keeps a deadline of its own', async () => {
    const { port } = silent.address() as AddressInfo;
    const signer = new KmsSigner({ ...kms.access, url: `http://127.0.0.1:${port}`, deadlineMs: 20 });
    await expect(signer.sign('message', { mchid: '1900000109' })).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('the settings', () => {
  it('refuse a KMS for a real merchant, and a flag that is none', () => {
    expect(() => readSettings({ KMS: '1', WECHATPAY_MCHID: '1900000109' })).toThrow('emulated merchant only');
    expect(() => readSettings({ KMS: 'yes' })).toThrow('KMS must be 0 or 1');
    expect(readSettings({ KMS: '0' }).kms).toBe(false);
  });
});
