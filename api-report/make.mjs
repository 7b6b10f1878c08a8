// Writes what the package exports, with signatures: a report for each subpath of `exports`.
//
//     node api-report/make.mjs [folder]
//
// The folder is the one of this file if none is given. `dist` must be built.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { ENTRIES, extract } from './extract.mjs';

const folder = resolve(process.argv[2] ?? import.meta.dirname);
const temporary = await mkdtemp(join(tmpdir(), 'nestjs-wechatpay-api-'));
await mkdir(folder, { recursive: true });

for (const entry of ENTRIES) {
  const apiReport = { enabled: true, reportFileName: entry.name, reportFolder: folder, reportTempFolder: temporary };
  if (extract(entry, { apiReport }) > 0) process.exitCode = 1;
}
await rm(temporary, { recursive: true });
