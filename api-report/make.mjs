// Writes what the package exports, with signatures: a report for each subpath of `exports`.
//
//     node api-report/make.mjs [folder]
//
// The folder is the one of this file if none is given. `dist` must be built.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const ROOT = resolve(import.meta.dirname, '..');
const folder = resolve(process.argv[2] ?? import.meta.dirname);

const manifestPath = join(ROOT, 'package.json');
const { exports } = JSON.parse(await readFile(manifestPath, 'utf8'));
const temporary = await mkdtemp(join(tmpdir(), 'nestjs-wechatpay-api-'));
await mkdir(folder, { recursive: true });

for (const [subpath, target] of Object.entries(exports)) {
  if (typeof target === 'string') continue;
  const entry = join(ROOT, target.types);
  const name = subpath === '.' ? 'index' : subpath.slice(2).replaceAll('/', '-');
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: entry,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          // The extractor brings a TypeScript of its own; errors in the types are tsc's to find.
          compilerOptions: { module: 'nodenext', target: 'es2023', types: ['node'], strict: true, skipLibCheck: true },
          files: [entry],
        },
      },
      apiReport: { enabled: true, reportFileName: name, reportFolder: folder, reportTempFolder: temporary },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: {
          default: { logLevel: 'none' },
          'ae-forgotten-export': { logLevel: 'none', addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: 'none' } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: manifestPath,
  });
  const { errorCount } = Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = message.logLevel !== ExtractorLogLevel.Error;
    },
  });
  if (errorCount > 0) process.exitCode = 1;
}
await rm(temporary, { recursive: true });
