/** What it costs to import each entry point, and to start a Nest application with one merchant. Medians of fresh processes. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { makeKeys } from './keys.mjs';
import { median } from './processes.mjs';

const ROUNDS = 7;
const root = new URL('..', import.meta.url);
const { name, exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
const entries = Object.keys(exports).filter((path) => !path.endsWith('.json'));

const inFreshProcess = (script) =>
  Number(execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: root, encoding: 'utf8' }));
const medianOf = (script) => median(Array.from({ length: ROUNDS }, () => inFreshProcess(script)));
const FRAMEWORK = `import 'reflect-metadata'; await import('@nestjs/core'); await import('@nestjs/axios'); await import('rxjs');`;
const timed = (before, what, after = '') =>
  `${before} const begun = performance.now(); ${what} console.log(performance.now() - begun); ${after}`;

const alone = medianOf(timed('', FRAMEWORK));
const imports = entries.map((path) => [
  `${name}${path.slice(1)}`,
  medianOf(timed(FRAMEWORK, `await import('${name}${path.slice(1)}');`)),
]);
console.log(`Nest, @nestjs/axios and rxjs by themselves: ${alone.toFixed(0)} ms`);
console.table(Object.fromEntries(imports.map(([path, ms]) => [path, { 'ms on top of Nest': ms.toFixed(0) }])));

const { merchant, platform, mchid, appid, serialNo, publicKeyId } = makeKeys();
const one = JSON.stringify({
  mchid,
  appid,
  apiV3: { serialNo, privateKey: merchant.privateKey, publicKeys: { [publicKeyId]: platform.publicKey } },
});
const load = `${FRAMEWORK} const { NestFactory } = await import('@nestjs/core'); const { WechatPayModule } = await import('${name}');
class Empty {}`;
const start = (module) =>
  medianOf(
    timed(
      `${load} const root = ${module};`,
      'const app = await NestFactory.createApplicationContext(root, { logger: false });',
      'await app.close();',
    ),
  );
const empty = start('{ module: Empty }');
const ours = start(`{ module: Empty, imports: [WechatPayModule.forRoot({ merchants: [${one}] })] }`);
console.log(
  `a Nest application starts in ${empty.toFixed(1)} ms; with forRoot and one merchant in ${ours.toFixed(1)} ms (+${(ours - empty).toFixed(1)} ms)`,
);
