import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Finding } from 'nestjs-wechatpay';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';

import { rsaPair } from '../support/keys.js';
import { keys } from '../support/test-shop.js';

// It runs the built package, as a shell does: `npm test` builds it first.
const COMMAND = fileURLToPath(new URL('../../dist/command-line/command.js', import.meta.url));
const CANARY = 'CANARYcanaryCANARYcanaryCANARY1';
const stranger = rsaPair();
// Each run starts a process, which takes a while on a busy machine.
jest.setTimeout(60_000);
let emulator: WechatPayEmulator;
let folder: string;
beforeAll(async () => {
  emulator = await WechatPayEmulator.start({ keys });
  folder = await mkdtemp(join(tmpdir(), 'doctor-'));
});
afterEach(() => emulator.reset());
afterAll(async () => {
  await emulator.stop();
  await rm(folder, { recursive: true });
});

interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `nestjs-wechatpay` in the folder, with no variable but these. */
function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { PATH: process.env['PATH'], ...env } };
    execFile(process.execPath, [COMMAND, ...args], options, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : Number(error.code);
      resolve({ exitCode, stdout, stderr });
    });
  });
}

const write = (name: string, content: string) => writeFile(join(folder, name), content);
const findingsOf = ({ stdout }: Run) => (JSON.parse(stdout) as { findings: Finding[] }).findings;

/** The environment of the emulator's merchant. */
function environment(): Record<string, string> {
  const [merchant] = emulator.credentials.merchants;
  const { publicKey } = emulator.credentials;
  return {
    WECHATPAY_MCHID: merchant?.mchid ?? '',
    WECHATPAY_APPID: merchant?.appid ?? '',
    WECHATPAY_SERIAL_NO: merchant?.serialNo ?? '',
    WECHATPAY_PRIVATE_KEY: merchant?.privateKey ?? '',
    WECHATPAY_PUBLIC_KEY_ID: publicKey.id,
    WECHATPAY_PUBLIC_KEY: publicKey.publicKey,
    WECHATPAY_APIV3_KEY: merchant?.apiV3Key ?? '',
    WECHATPAY_APIV2_KEY: merchant?.apiV2Key ?? '',
  };
}

describe('nestjs-wechatpay', () => {
  it('lists its commands', async () => {
    const help = await run(['--help']);
    expect([help.exitCode, help.stdout, help.stderr]).toEqual([0, expect.stringMatching(/doctor +examines/), '']);
    expect(await run(['--version'])).toMatchObject({ exitCode: 0, stdout: '0.1.0\n' });
  });

  it.each([
    [[], 3],
    [['surgeon'], 3],
    [['doctor', '--loud'], 3],
    [['doctor', '--help'], 0],
  ])('says how it is used when called with %j', async (args, exitCode) => {
    const { stdout, stderr, ...end } = await run(args);
    expect(end.exitCode).toBe(exitCode);
    expect(stdout + stderr).toContain('Usage: nestjs-wechatpay');
  });
});

describe('nestjs-wechatpay doctor', () => {
  it('examines options that a module exports, and asks WeChat Pay', async () => {
    await write('wechat-pay.config.mjs', `export default ${JSON.stringify(emulator.options())};`);
    const { exitCode, stdout, stderr } = await run(['doctor', '--config', './wechat-pay.config.mjs', '--online']);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      `OK  APIv3 signing and verification work both ways for merchant 1900000109 at ${emulator.url}.\n\n` +
        `OK  APIv2 signing and verification work both ways for merchant 1900000109 at ${emulator.url}.\n\n` +
        'Nothing to mend.\n',
    );
  });

  it('examines options that a function returns, with signers of its own', async () => {
    const config = `
      import { RsaSha256Signer } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)};
      class OwnSigner extends RsaSha256Signer {}
      export default async () => ({ ...${JSON.stringify(emulator.options())}, isGlobal: true, signers: [OwnSigner] });`;
    await write('function.mjs', config);
    const result = await run(['doctor', '-c', 'function.mjs', '--online', '--json']);
    expect(findingsOf(result).map(({ code }) => code)).toEqual(['selfTestPassed', 'selfTestPassed']);
  });

  it('examines JSON, and prints JSON', async () => {
    await write('x.json', JSON.stringify({ merchants: [{ mchid: '1900000109', apiV2: { key: CANARY } }] }));
    const result = await run(['doctor', '--config', 'x.json', '--json']);
    expect([result.exitCode, findingsOf(result)]).toEqual([
      2,
      [
        {
          severity: 'error',
          code: 'option',
          option: 'merchants[0].apiV2.key',
          merchant: '1900000109',
          message: 'merchants[0].apiV2.key is 31 bytes long.',
          remedy: expect.stringContaining('copy it again'),
        },
      ],
    ]);
  });

  it('examines the environment, where keys may be in files', async () => {
    await write('key.pem', environment()['WECHATPAY_PRIVATE_KEY'] ?? '');
    await write('v3.txt', `${environment()['WECHATPAY_APIV3_KEY']}\n`);
    const env = { ...environment(), WECHATPAY_PRIVATE_KEY: '@key.pem', WECHATPAY_APIV3_KEY: '@./v3.txt' };
    const { exitCode, stdout, stderr } = await run(['doctor'], env);
    expect([exitCode, stdout, stderr]).toEqual([0, expect.stringContaining('Nothing to mend as far as'), '']);
  });

  it.each([
    ['WECHATPAY_MCHID', 'wx123'],
    ['WECHATPAY_SERIAL_NO', 'PUB_KEY_ID_0119'],
    ['WECHATPAY_PRIVATE_KEY', CANARY],
    ['WECHATPAY_PUBLIC_KEY_ID', '0119000001092026'],
    ['WECHATPAY_PUBLIC_KEY', CANARY],
    ['WECHATPAY_APIV3_KEY', CANARY],
    ['WECHATPAY_APIV2_KEY', CANARY],
  ])('names the variable that is wrong: %s', async (name, value) => {
    const { exitCode, stdout } = await run(['doctor'], { ...environment(), [name]: value });
    expect([exitCode, stdout]).toEqual([2, expect.stringMatching(new RegExp(`^ERROR {2}${name} `))]);
    expect(stdout).toMatch(/1 error\.\n$/);
  });

  it("compares a merchant's certificate with its keys", async () => {
    await write('apiclient_cert.pem', emulator.credentials.merchants[0]?.certificate ?? '');
    const args = ['doctor', '--certificate', 'apiclient_cert.pem'];
    expect((await run(args, environment())).exitCode).toBe(0);
    const env = { ...environment(), WECHATPAY_PRIVATE_KEY: stranger.privatePem, WECHATPAY_SERIAL_NO: 'ABCDEF' };
    const { exitCode, stdout } = await run(args, env);
    expect(exitCode).toBe(2);
    expect(stdout).toContain("ERROR  WECHATPAY_PRIVATE_KEY does not belong to the merchant's certificate");
    expect(stdout).toContain("ERROR  WECHATPAY_SERIAL_NO is not the serial number of the merchant's certificate");
    expect(stdout).toContain('\n2 errors.\n');
  });

  it('exits with 1 for warnings alone', async () => {
    const other = JSON.stringify({
      ...emulator.options(),
      hosts: { mainland: emulator.url, overseas: 'http://127.0.0.1:1' },
    });
    await write('warn.mjs', `export default ${other};`);
    const { exitCode, stdout } = await run(['doctor', '--config', 'warn.mjs', '--online']);
    expect([exitCode, stdout]).toEqual([
      1,
      expect.stringMatching(/^WARNING {2}http:\/\/127\.0\.0\.1:1 cannot be reached.*\n1 warning\.\n$/s),
    ]);
  });

  it.each<[string, string | undefined, RegExp]>([
    ['missing.json', undefined, /cannot be read: ENOENT.*missing\.json/],
    ['missing.mjs', undefined, /cannot be run: Cannot find module .*missing\.mjs/],
    ['broken.json', `{ "merchants": "${CANARY}`, /broken\.json is not JSON/],
    ['broken.mjs', `export default { key: '${CANARY} };`, /broken\.mjs cannot be run: SyntaxError/],
    ['throws.mjs', `throw new Error('${CANARY}');`, /throws\.mjs cannot be run: Error \(its words are not repeated/],
    [
      'odd.mjs',
      `export default () => { throw '${CANARY}'; };`,
      /odd\.mjs cannot be run: a value of type string was thrown/,
    ],
    ['named.mjs', `export const options = '${CANARY}';`, /named\.mjs has no default export/],
    [
      'signer.mjs',
      `class S { constructor() { throw new Error('${CANARY}'); } }
       export default { merchants: [{ mchid: '1', apiV2: { key: '${CANARY}1' } }], signers: [S] };`,
      /does not start with this configuration: Error/,
    ],
  ])('exits with 3 where it cannot examine %s, and does not quote it', async (name, content, words) => {
    if (content !== undefined) await write(name, content);
    const { exitCode, stdout, stderr } = await run(['doctor', '--config', name]);
    expect([exitCode, stdout, stderr]).toEqual([3, '', expect.stringMatching(words)]);
    expect(stderr).not.toMatch(/CANARY|\n {4}at /);
  });

  it('exits with 3 where there is nothing to examine, or a file is missing', async () => {
    expect(await run(['doctor'])).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('give --config') });
    const missing = await run(['doctor'], { WECHATPAY_PRIVATE_KEY: '@nowhere.pem' });
    expect(missing).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/WECHATPAY_PRIVATE_KEY .* ENOENT/) });
    const certificate = await run(['doctor', '--certificate', 'nowhere.pem'], environment());
    expect(certificate).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('--certificate') });
  });

  it('prints no key, whatever is wrong with it', async () => {
    const [merchant] = emulator.credentials.merchants;
    const secrets = [
      ...(merchant?.privateKey ?? '').split('\n').filter((line) => line.length > 20 && !line.startsWith('-')),
      merchant?.apiV2Key ?? '',
      merchant?.apiV3Key ?? '',
    ];
    const [whole] = emulator.options('both').merchants;
    const broken = {
      ...emulator.options(),
      proxy: `http://user:${CANARY}@127.0.0.1:1`,
      merchants: [
        { ...whole, apiV2: { key: ` ${merchant?.apiV2Key}` } },
        {
          ...whole,
          mchid: merchant?.apiV3Key,
          apiV3: { ...whole?.apiV3, [merchant?.apiV3Key ?? '']: 1, serialNo: merchant?.apiV3Key },
        },
        {
          ...whole,
          mchid: '3',
          apiV3: {
            ...whole?.apiV3,
            privateKey: merchant?.privateKey.slice(0, 300),
            publicKeys: { [merchant?.apiV3Key ?? '']: merchant?.privateKey },
          },
        },
      ],
    };
    await write('secrets.json', JSON.stringify(broken));
    await write('proxied.json', JSON.stringify({ ...emulator.options(), proxy: broken.proxy }));
    const runs = await Promise.all(
      ['secrets.json', 'proxied.json'].flatMap((name) => [
        run(['doctor', '--config', name, '--online']),
        run(['doctor', '--config', name, '--online', '--json']),
      ]),
    );
    const out = runs.map(({ stdout, stderr }) => stdout + stderr).join('\n');
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2, 2]);
    expect(out).toContain('ERROR');
    expect([...secrets, CANARY].filter((secret) => out.includes(secret))).toEqual([]);
  });
});
