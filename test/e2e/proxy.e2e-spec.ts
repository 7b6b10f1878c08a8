import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { TransportSettings } from '../../lib/transport/transport-settings.js';
import { machineEnvironment } from '../support/machine-environment.js';
import { ending, openShop, type TestShop } from '../support/test-shop.js';
import { openProxy, type TestProxy } from '../support/proxy.js';
import { openTlsFront } from '../support/tls-front.js';

const out_trade_no = 'PROXIED001';
const PASSWORD = 'open sésame/42';
let home: TestShop;
let proxy: TestProxy;
let shop: TestShop | undefined;

beforeAll(async () => {
  home = await openShop();
});
beforeEach(async () => {
  proxy = await openProxy();
  home.emulator.place({ out_trade_no });
});
afterEach(async () => {
  await shop?.close();
  await proxy.close();
  home.emulator.reset();
});
afterAll(() => home.close());

const withPassword = () => proxy.origin.replace('//', `//shop:${encodeURIComponent(PASSWORD)}@`);
const openBehind = async (options: Parameters<typeof openShop>[0] = {}) =>
  (shop = await openShop({ ...home.emulator.options('both'), proxy: withPassword(), ...options }));

describe('a proxy', () => {
  it('carries every request through a tunnel that is kept, queries included', async () => {
    const { service } = await openBehind({ confirm: 'always' });
    home.emulator.place({ out_trade_no: 'PROXIED002' });
    for (const number of [out_trade_no, 'PROXIED002']) {
      expect(await ending(service.direct({ out_trade_no: number }))).toMatchObject({ confirmedBy: 'query' });
    }
    expect(home.emulator.requests).toHaveLength(4);
    const credentials = `Basic ${Buffer.from(`shop:${PASSWORD}`).toString('base64')}`;
    expect(proxy.asked).toEqual([{ authority: new URL(home.emulator.url).host, authorization: credentials }]);
  });

  it('is not taken from the environment', async () => {
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY'];
    for (const name of names) machineEnvironment[name] = proxy.origin;
    expect(await ending(home.service.direct({ out_trade_no }))).toMatchObject({ state: 'CLOSED' });
    for (const name of names) delete machineEnvironment[name];
    expect(proxy.asked).toEqual([]);
  });

  it.each([407, 403, 502, 204])('that answers CONNECT with %d refuses before anything is sent', async (status) => {
    const { service } = await openBehind({ retry: { attempts: 3, baseMs: 1 } });
    proxy.status = status;
    const error = await ending(service.direct({ out_trade_no }));
    expect(error).toMatchObject({ phase: 'notSent', reason: 'proxy', attempts: 1, retryable: true });
    expect(String(error)).toContain(`The proxy refused to connect (HTTP ${status})`);
    expect(inspect(error, { depth: 20 })).not.toMatch(/sésame|c2hvcDpvcGVu/);
    expect(home.emulator.requests).toHaveLength(0);
  });

  it('that never answers is given up at the limit for connecting, and its connection closed', async () => {
    const { service } = await openBehind({ timeouts: { connectMs: 50 } });
    proxy.status = 0;
    expect(await ending(service.direct({ out_trade_no }))).toMatchObject({ phase: 'notSent', reason: 'timeout' });
    expect(proxy.asked).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(process.getActiveResourcesInfo()).not.toContain('TCPConnectWrap');
  });

  it('that is down means that there is no connection', async () => {
    const { service } = await openBehind();
    await proxy.close();
    expect(await ending(service.direct({ out_trade_no }))).toMatchObject({ phase: 'notSent', reason: 'connect' });
    proxy = await openProxy();
  });

  it('does not show its password where settings are printed', async () => {
    const { app } = await openBehind();
    const settings = app.get(TransportSettings, { strict: false });
    expect(settings.proxy?.username).toBe('shop');
    expect(inspect(settings, { depth: 20, showHidden: true }) + JSON.stringify(settings)).not.toMatch(
      /s%C3%A9same|sésame/,
    );
  });

  it('does not weaken TLS: a certificate that is not trusted is refused at the far end of the tunnel', async () => {
    const front = await openTlsFront(home.emulator.url);
    machineEnvironment['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    const { service } = await openBehind({ hosts: { mainland: front.origin } });
    const error = await ending(service.direct({ out_trade_no }));
    delete machineEnvironment['NODE_TLS_REJECT_UNAUTHORIZED'];
    await front.close();
    expect(error).toMatchObject({ phase: 'notSent', reason: 'tls' });
    expect([proxy.asked.length, front.heard]).toEqual([1, 0]);
  });
});

describe('an application whose certificate authority Node knows', () => {
  // It runs the built package, as an application does: `npm test` builds it first.
  const APP = fileURLToPath(new URL('fixtures/sigterm-app.mjs', import.meta.url));

  it.each(['http', 'https'])('closes over TLS through an %s proxy', async (scheme) => {
    const folder = await mkdtemp(join(tmpdir(), 'proxy-'));
    // A name that only the proxy can find.
    const front = await openTlsFront(home.emulator.url, 'wechat-pay.example');
    const secure = await openTlsFront(proxy.origin);
    const authorities = join(folder, 'ca.pem');
    await writeFile(authorities, front.certificate + secure.certificate);
    const app = fork(APP, {
      execArgv: [],
      env: { ...process.env, NODE_EXTRA_CA_CERTS: authorities },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    await once(app, 'message');
    const options = {
      ...home.emulator.options(),
      hosts: { mainland: front.origin },
      allowOtherHosts: true,
      proxy: scheme === 'https' ? secure.origin : proxy.origin,
    };
    app.send({ options, numbers: [out_trade_no] });
    const [line] = (await once(app.stdout ?? app, 'data')) as [Buffer];
    app.kill('SIGKILL');
    expect(JSON.parse(line.toString())).toEqual({ out_trade_no, state: 'CLOSED' });
    expect(proxy.asked.map(({ authority }) => `https://${authority}`)).toEqual([front.origin]);
    await Promise.all([front.close(), secure.close()]);
    await rm(folder, { recursive: true });
  });
});
