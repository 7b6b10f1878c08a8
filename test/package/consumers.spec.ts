import { cp, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { pack, ROOT, run } from './tarball.js';

const CONSUMERS = {
  'Nest 11, CommonJS, @nestjs/axios 4': { type: 'commonjs', nest: '^11.0.0', axios: '^4.0.0' },
  'Nest 12, ESM, @nestjs/axios 12': { type: 'module', nest: '^12.0.0', axios: '^12.0.0' },
} as const;

const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
const COMPILER_OPTIONS = {
  module: 'nodenext',
  target: 'es2022',
  strict: true,
  skipLibCheck: false,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  types: ['node'],
};

let tarball: string;
beforeAll(async () => {
  ({ tarball } = await pack());
});

/** Makes an application that has the tarball installed. */
async function install(type: string, nest: string, axios: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nestjs-wechatpay-app-'));
  await cp(join(import.meta.dirname, 'fixtures/app'), folder, { recursive: true });
  const dependencies = {
    '@nestjs/axios': axios,
    '@nestjs/common': nest,
    '@nestjs/core': nest,
    '@nestjs/platform-express': nest,
    '@types/node': '^20.0.0',
    axios: '^1.0.0',
    libsql: '^0.5.0',
    'nestjs-wechatpay': `file:${tarball}`,
    'reflect-metadata': '^0.2.0',
    rxjs: '^7.8.0',
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'app', private: true, type, dependencies }));
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['main.ts'] }),
  );
  await run(
    'npm',
    ['install', '--no-audit', '--no-fund', '--no-package-lock', '--prefer-offline', '--loglevel=error'],
    folder,
  );
  return folder;
}

describe.each(Object.entries(CONSUMERS))('%s', (_, { type, nest, axios }) => {
  let folder: string;
  beforeAll(async () => {
    folder = await install(type, nest, axios);
  });

  it('compiles against our types and closes orders on the emulator', async () => {
    await run(process.execPath, [TSC, '-p', 'tsconfig.json'], folder);
    const { stdout, stderr } = await run(process.execPath, ['main.js'], folder);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      closed: expect.objectContaining({ state: 'CLOSED', variant: 'partner' }),
      v2: 'CLOSED',
      paid: true,
      signed: 1,
      settled: ['CLOSED'],
      states: ['CLOSED', 'CLOSED', 'SUCCESS', 'CLOSED'],
    });
  });

  it('says which package nestjs-wechatpay/sm needs, and works once it is there', async () => {
    const script =
      type === 'module'
        ? "import('nestjs-wechatpay/sm')"
        : "new Promise((resolve) => resolve(require('nestjs-wechatpay/sm')))";
    const load = [
      `--input-type=${type}`,
      '-e',
      `${script}.then(({ Sm2Signer }) => console.log(new Sm2Signer().scheme), (error) => console.log(error.message))`,
    ];
    const { stdout } = await run(process.execPath, load, folder);
    expect(stdout.trim()).toMatch(/needs the package sm-crypto-v2, which is not installed; run: npm i sm-crypto-v2@1$/);
    await run(
      'npm',
      [
        'install',
        'sm-crypto-v2@1',
        '--no-audit',
        '--no-fund',
        '--no-package-lock',
        '--prefer-offline',
        '--loglevel=error',
      ],
      folder,
    );
    expect((await run(process.execPath, load, folder)).stdout.trim()).toBe('WECHATPAY2-SM2-WITH-SM3');
  });

  it('has the emulator as a command', async () => {
    const { stdout } = await run(join(folder, 'node_modules/.bin/nestjs-wechatpay-emulator'), ['--help'], folder);
    expect(stdout).toContain('--port');
  });

  it('has the doctor as a command', async () => {
    const config = { merchants: [{ mchid: '1900000109', apiV2: { key: '0123456789abcdef0123456789ABCDEF' } }] };
    await writeFile(join(folder, 'config.json'), JSON.stringify(config));
    const args = ['doctor', '--config', 'config.json'];
    const { stdout } = await run(join(folder, 'node_modules/.bin/nestjs-wechatpay'), args, folder);
    expect(stdout).toContain('Nothing to mend');
  });
});
