import tls, { type SecureContextOptions, type TlsOptions } from 'node:tls';

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { certificate, rsaPair } from '../../support/keys.js';
import { machineEnvironment } from '../../support/machine-environment.js';
import { ending } from '../../support/test-shop.js';
import { until } from '../../support/until.js';
import { matrix, unknown, VARIANTS } from './matrix.js';
import { Scene } from './scene.js';
import { Stage } from './stage.js';

const MOMENT_MS = 100;
const pair = rsaPair();
const good = certificate(pair, '01'.repeat(20), 'localhost');
const expired = certificate(pair, '02'.repeat(20), 'localhost', ['2020-01-01T00:00:00Z', '2025-01-01T00:00:00Z']);
const elsewhere = certificate(pair, '03'.repeat(20), 'api.example.com');
const stranger = certificate(pair, '04'.repeat(20), 'localhost');

/** The certificates that this machine trusts during these tests, as if its operator had put them in its store. */
const TRUSTED = [good, expired, elsewhere];
const { createSecureContext, DEFAULT_MIN_VERSION, DEFAULT_CIPHERS } = tls;

/** OpenSSL 3 speaks TLS 1.1 with these alone. */
const WEAK_CIPHERS = 'DEFAULT:@SECLEVEL=0';

function trustThem(): void {
  jest
    .spyOn(tls, 'createSecureContext')
    .mockImplementation((options?: SecureContextOptions) =>
      createSecureContext(options?.cert === undefined ? { ...options, ca: TRUSTED } : options),
    );
  // What `node --tls-min-v1.0 --tls-cipher-list=…` does: the shop's connections must not follow.
  tls.DEFAULT_MIN_VERSION = 'TLSv1';
  tls.DEFAULT_CIPHERS = WEAK_CIPHERS;
}

afterEach(() => {
  jest.restoreAllMocks();
  delete machineEnvironment['NODE_TLS_REJECT_UNAUTHORIZED'];
  tls.DEFAULT_MIN_VERSION = DEFAULT_MIN_VERSION;
  tls.DEFAULT_CIPHERS = DEFAULT_CIPHERS;
});

const OLD: TlsOptions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: WEAK_CIPHERS };

describe.each<[string, string, TlsOptions]>([
  ['a certificate that signed itself', 'DEPTH_ZERO_SELF_SIGNED_CERT', { cert: stranger }],
  ['an expired certificate', 'CERT_HAS_EXPIRED', { cert: expired }],
  ["another host's certificate", 'ERR_TLS_CERT_ALTNAME_INVALID', { cert: elsewhere }],
  ['TLS 1.1 only', 'EPROTO', { cert: good, ...OLD }],
])('%s', (_, code, options) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ tls: { key: pair.privatePem, ...options } });
  });
  afterAll(() => stage.close());

  // Not refused, as nothing of WeChat Pay's has been heard; the phase says that nothing was sent, and the reason what
  // to mend. It is not tried again, since certificates do not mend in a second.
  matrix(
    () => stage,
    [undefined, '0'].map((value) => ({
      name: value === undefined ? `4. ends in ${code}` : `5. so, too, with NODE_TLS_REJECT_UNAUTHORIZED=${value}`,
      arrange: () => {
        trustThem();
        if (value !== undefined) machineEnvironment['NODE_TLS_REJECT_UNAUTHORIZED'] = value;
      },
      ends: { ...unknown('notSent', 'tls'), message: expect.stringContaining(`(${code})`) },
      heard: 0,
      isHopeless: true,
      also: () => expect(stage.gateway?.connections).toBe(1),
    })),
  );
});

describe('TLS as it should be', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open({ tls: { key: pair.privatePem, cert: good } });
  });
  afterAll(() => stage.close());

  it.each(VARIANTS)('closes an order, so that the rows above fail for the reason they name: $name', async (variant) => {
    trustThem();
    expect(await ending(new Scene(stage, variant).close('never'))).toMatchObject({ state: 'CLOSED' });
  });
});

describe('a handshake that stalls', () => {
  let stage: Stage;
  beforeAll(async () => {
    const timeouts = { connectMs: MOMENT_MS, attemptMs: 2_000, totalMs: 5_000 };
    // It speaks no TLS: it waits for the end of a request, which never comes.
    const plain = await Stage.open({ gateway: true });
    const port = new URL(plain.gateway?.url ?? '').port;
    stage = await Stage.open({ options: { hosts: { mainland: `https://127.0.0.1:${port}` }, timeouts } });
    mute = plain;
  });
  let mute: Stage;
  afterAll(async () => {
    await stage.close();
    await mute.close();
  });

  matrix(
    () => stage,
    [
      {
        name: '6. nothing but silence',
        arrange: () => mute.gateway?.reset(),
        ends: {
          ...unknown('notSent', 'timeout'),
          message: expect.stringContaining(`no connection within ${MOMENT_MS} ms`),
        },
        tries: 3,
        heard: 0,
        atLeastMs: 3 * MOMENT_MS,
        isHopeless: true,
        also: () => {
          expect(mute.gateway?.connections).toBe(3);
          return until(() => mute.openSockets === 0);
        },
      },
    ],
  );
});
