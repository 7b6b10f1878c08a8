import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';

const root = new URL('../../', import.meta.url);
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { exports: object };
const entries = Object.keys(exports).filter((path) => !path.endsWith('.json'));

/** Imports an entry point of `dist` and tells what its files did meanwhile beside defining things. */
const WATCH = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
await import('reflect-metadata');
const [, entry, dist] = process.argv;
const done = [];
const pause = setImmediate;
const note = (what) => {
  const caller = new Error().stack.split('\\n')[3] ?? '';
  if (caller.includes(dist)) done.push(what);
};
const watch = (owner, name) => {
  const original = owner[name];
  owner[name] = function (...given) {
    note(name);
    return Reflect.apply(original, this, given);
  };
};
for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'fetch']) watch(globalThis, name);
for (const name of ['readFileSync', 'readFile', 'openSync', 'open', 'existsSync', 'statSync', 'createReadStream']) watch(fs, name);
syncBuiltinESMExports();
process.env = new Proxy(process.env, {
  get: (env, name) => {
    note('env ' + String(name));
    return env[name];
  },
});
// Nest looks at the standard streams, which opens them.
void [process.stdin, process.stdout, process.stderr];
const before = process.getActiveResourcesInfo();
await import(entry);
// What the loader itself is still busy with.
await new Promise((resolve) => pause(resolve));
const opened = process.getActiveResourcesInfo().filter((name) => !before.includes(name));
process.stdout.write(JSON.stringify({ done, opened }));
`;

const tell = (script: string, entry: string): unknown => {
  const dist = fileURLToPath(new URL('dist/', root));
  const given = ['--no-warnings', '--input-type=module', '--eval', script, entry, dist];
  return JSON.parse(execFileSync(process.execPath, given, { cwd: fileURLToPath(root), encoding: 'utf8' }));
};

describe('importing', () => {
  it.each(entries)('%s defines things and does nothing else', (path) => {
    expect(tell(WATCH, `nestjs-wechatpay${path.slice(1)}`)).toEqual({ done: [], opened: [] });
  });

  it('would be noticed if it did more', () => {
    const busy =
      'data:text/javascript,setInterval(() => {}, 1e6).unref(); process.env.HOME; setInterval(() => {}, 1e6)';
    const script = WATCH.replace('includes(dist)', "includes('data:')");
    expect(tell(`${script}\nprocess.exit();`, busy)).toMatchObject({
      done: ['setInterval', 'env HOME', 'setInterval'],
    });
  });
});
