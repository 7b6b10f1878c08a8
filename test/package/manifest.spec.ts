import { readdir, readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from '@jest/globals';

import { pack, ROOT } from './tarball.js';

interface Manifest {
  readonly version: string;
  readonly exports: Record<string, string | { types: string; default: string }>;
  readonly bin: Record<string, string>;
  readonly dependencies: Record<string, string>;
  readonly peerDependencies: Record<string, string>;
  readonly peerDependenciesMeta: Record<string, { optional: boolean }>;
}

let manifest: Manifest;
let files: string[];
beforeAll(async () => {
  manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as Manifest;
  ({ files } = await pack());
});

describe('the tarball', () => {
  it('holds what it should and nothing else', () => {
    const strays = files.filter(
      (file) =>
        !/^(?:dist\/[\w./-]+\.(?:js|d\.ts)|README(?:\.zh-CN)?\.md|LICENSE|CHANGELOG\.md|docs\/[\w./-]+\.md|package\.json)$/.test(
          file,
        ),
    );
    expect(strays).toEqual([]);
    expect(files.filter((file) => file.startsWith('docs/api/'))).toEqual([]);
    expect(files).toContain('docs/guide/start.zh-CN.md');
    expect(files.length).toBeGreaterThan(50);
  });

  it('has every file that exports and bin name', () => {
    const targets = [...Object.values(manifest.exports), ...Object.values(manifest.bin)].flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target),
    );
    for (const target of targets) expect(files).toContain(target.replace(/^\.\//, ''));
  });

  it('declares every package that it imports, and imports every one that it declares', async () => {
    const sources = (await readdir(join(ROOT, 'dist'), { recursive: true })).filter((file) => file.endsWith('.js'));
    const imported = new Set<string>();
    for (const source of sources) {
      const text = await readFile(join(ROOT, 'dist', source), 'utf8');
      for (const [, specifier = ''] of text.matchAll(
        // An optional package is asked for by `require`, so that its absence can be put in words.
        /(?:^(?:import|export)\s+(?:(?:[\w$*]+(?:\s+as\s+\w+)?\s*,?\s*)?(?:\{[^}]*\})?\s*from\s+)?|return require\()'([^'.][^']*)'/gm,
      )) {
        if (specifier.startsWith('node:') || builtinModules.includes(specifier)) continue;
        const name = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/');
        expect(specifier).toBe(name);
        imported.add(name);
      }
    }
    const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
    // Nest itself needs these at run time, and our types name axios.
    const indirect = ['@nestjs/core', 'reflect-metadata', 'axios', ...Object.keys(manifest.peerDependenciesMeta)];
    expect([...imported].sort()).toEqual(
      Object.keys(declared)
        .filter((name) => imported.has(name) || !indirect.includes(name))
        .sort(),
    );
  });

  it('loads optional packages where they are chosen and nowhere else', async () => {
    const optional = Object.keys(manifest.peerDependenciesMeta);
    expect(optional).toContain('libsql');
    for (const name of optional) {
      expect([name, manifest.peerDependenciesMeta[name], manifest.peerDependencies[name]]).toEqual([
        name,
        { optional: true },
        expect.any(String),
      ]);
    }
    const sources = (await readdir(join(ROOT, 'dist'), { recursive: true })).filter((file) => file.endsWith('.js'));
    const naming = async (name: string) => {
      const texts = await Promise.all(sources.map((source) => readFile(join(ROOT, 'dist', source), 'utf8')));
      return sources.filter((_, index) => texts[index]?.includes(`'${name}'`));
    };
    for (const name of optional) {
      const importers = await naming(name);
      expect(importers.length).toBeGreaterThan(0);
      for (const file of importers)
        expect(file).toMatch(
          /^(auto-close\/stores\/|command-line\/close\/packages\.js$|health\/wechat-pay-health\.indicator\.js$|openapi\/|opentelemetry\/|sm\/sm-crypto\.js$)/,
        );
    }
  });

  it('names its own version in User-Agent', async () => {
    const { VERSION } = (await import(join(ROOT, 'dist/wechat-pay.constants.js'))) as { VERSION: string };
    expect(VERSION).toBe(manifest.version);
  });

  it('keeps its documentation in the types', async () => {
    const types = await readFile(join(ROOT, 'dist/close-order/close-order.service.d.ts'), 'utf8');
    expect(types).toContain('proven by WeChat Pay');
  });
});
