import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { packagesFrom } from './import-graph.js';
import { ROOT } from './tarball.js';

/** The optional packages that each subpath may come to ask for. */
const BEHIND: Readonly<Record<string, readonly string[]>> = {
  '.': [],
  './auto-close': ['better-sqlite3', 'bullmq', 'ioredis', 'libsql', 'pg'],
  './emulator': [],
  './health': ['@nestjs/terminus'],
  './notifications': [],
  './openapi': ['@nestjs/swagger'],
  './opentelemetry': ['@opentelemetry/api'],
  './sm': ['sm-crypto-v2'],
  './testing': [],
};

/** The optional packages that each command may load. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  'nestjs-wechatpay': ['cli-progress', 'csv-parse', 'csv-stringify'],
  'nestjs-wechatpay-emulator': [],
};

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, unknown>>;
}

let manifest: Manifest;
let optional: string[];
let declared: string[];
beforeAll(async () => {
  manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Manifest;
  optional = Object.keys(manifest.peerDependenciesMeta);
  declared = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies });
});

/** What a file of ours leads to: what is optional, and what nobody declared. */
async function endsOf(file: string): Promise<{ optional: string[]; undeclared: string[] }> {
  const names = [...(await packagesFrom(join(ROOT, file), optional)).keys()].sort();
  return {
    optional: names.filter((name) => optional.includes(name)),
    undeclared: names.filter((name) => !declared.includes(name)),
  };
}

describe('an optional package', () => {
  it('stands behind one subpath or another', () => {
    const subpaths = Object.keys(manifest.exports).filter((subpath) => subpath !== './package.json');
    expect(Object.keys(BEHIND).sort()).toEqual(subpaths.sort());
    expect([...Object.values(BEHIND), ...Object.values(COMMANDS)].flat().sort()).toEqual(optional.toSorted());
  });

  it.each(Object.entries(BEHIND))('of %s: %j at run time, and in types no other', async (subpath, packages) => {
    const target = manifest.exports[subpath];
    if (target === undefined || typeof target === 'string') throw new TypeError(`${subpath} has no types`);
    expect(await endsOf(target.default)).toEqual({ optional: packages, undeclared: [] });
    const types = await endsOf(target.types);
    expect(types.undeclared).toEqual([]);
    expect(packages).toEqual(expect.arrayContaining(types.optional));
  });

  it('of the commands', async () => {
    const commands = Object.entries(manifest.bin).map(async ([name, file]) => [name, await endsOf(file)] as const);
    expect(Object.fromEntries(await Promise.all(commands))).toEqual(
      Object.fromEntries(
        Object.entries(COMMANDS).map(([name, packages]) => [name, { optional: packages, undeclared: [] }]),
      ),
    );
  });
});

describe('the search itself', () => {
  it('finds every way to ask for a package', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nestjs-wechatpay-graph-'));
    const first =
      "import 'a';\nimport b from 'b';\nexport * from 'c';\nvoid import('./second.js');\nimport 'node:fs';\n";
    const second = "require('d');\n/** import 'no'; */\nload('e');\n// import 'no';\n";
    await writeFile(join(folder, 'first.js'), first);
    await writeFile(join(folder, 'second.js'), second);
    const reached = await packagesFrom(join(folder, 'first.js'), ['e']);
    expect([...reached.keys()].sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(reached.get('d')).toEqual([join(folder, 'second.js')]);
  });
});
