// What the package exports, as api-extractor reads it from the declarations in `dist`.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const ROOT = resolve(import.meta.dirname, '..');
const manifestPath = join(ROOT, 'package.json');
const { exports } = JSON.parse(readFileSync(manifestPath, 'utf8'));

/** The subpaths of `exports` that have declarations, each with the name of its report and its declarations' file. */
export const ENTRIES = Object.entries(exports)
  .filter(([, target]) => typeof target !== 'string')
  .map(([subpath, target]) => ({
    subpath,
    name: subpath === '.' ? 'index' : subpath.slice(2).replaceAll('/', '-'),
    declarations: join(ROOT, target.types),
  }));

/**
 * Reads one subpath and writes what `outputs`, settings of api-extractor, ask for.
 *
 * @returns how many errors there were
 */
export function extract({ declarations }, outputs) {
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: ROOT,
      mainEntryPointFilePath: declarations,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          // The extractor brings a TypeScript of its own; errors in the types are tsc's to find.
          compilerOptions: { module: 'nodenext', target: 'es2023', types: ['node'], strict: true, skipLibCheck: true },
          files: [declarations],
        },
      },
      apiReport: { enabled: false },
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
      ...outputs,
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: manifestPath,
  });
  return Extractor.invoke(config, {
    localBuild: true,
    messageCallback: (message) => {
      message.handled = message.logLevel !== ExtractorLogLevel.Error;
    },
  }).errorCount;
}
