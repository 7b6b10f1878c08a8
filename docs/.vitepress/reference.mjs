// The pages of the API reference, written by `make-reference.mjs`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const { exports } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));

/** A page for each subpath that has declarations: its name, and what is written in an import. */
export const referencePages = Object.entries(exports)
  .filter(([, target]) => typeof target !== 'string')
  .map(([subpath]) => ({
    name: subpath === '.' ? 'index' : subpath.slice(2).replaceAll('/', '-'),
    subpath: subpath.replace('.', 'nestjs-wechatpay'),
  }));
