import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { documents, ROOT, textOf, twinOf } from './documents.js';

/** An interface's properties, and of those that hold another interface, theirs by path. Nothing is left out. */
const NESTED: Readonly<Record<string, string>> = {
  timeouts: 'TimeoutOptions',
  retry: 'RetryOptions',
  hosts: 'HostOptions',
  failover: 'FailoverOptions',
  merchantCache: 'MerchantCacheOptions',
  apiV2: 'ApiV2Options',
  apiV3: 'ApiV3Options',
  downloadCertificates: 'CertificateDownloadOptions',
};
const report = (name: string) => textOf(`api-report/${name}.api.md`);

async function propertiesOf(
  name: string,
  reported: string,
  nested: Readonly<Record<string, string>>,
): Promise<string[]> {
  const [, body] = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}$`, 'm').exec(reported) ?? [];
  const own = [...(body ?? '').matchAll(/^ {4}(?:readonly )?(\w+)\??[:(]/gm)].map(([, property = '']) => property);
  if (own.length === 0) throw new Error(`The report has no interface ${name} with properties.`);
  const deep = own.map(async (property) => {
    const type = nested[property];
    const inner = type === undefined ? [] : await propertiesOf(type, reported, nested);
    return [property, ...inner.map((path) => `${property}.${path}`)];
  });
  return (await Promise.all(deep)).flat();
}

async function literalsOf(type: string, reported: string): Promise<string[]> {
  const [, union = ''] = new RegExp(`^export type ${type} = (.*);$`, 'm').exec(reported) ?? [];
  const literals = [...union.matchAll(/'(\w+)'/g)].map(([, literal = '']) => literal);
  if (literals.length === 0) throw new Error(`The report has no union ${type}.`);
  return literals;
}

/** What stands in the first column of a page's tables, in code. */
async function rowsOf(page: string): Promise<string[]> {
  const rows = (await textOf(page)).matchAll(/^\| ([^|]+)\|/gm);
  return [...rows].flatMap(([, cell = '']) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code));
}

async function expectRows(page: string, names: readonly string[]): Promise<void> {
  for (const document of [page, twinOf(page)]) {
    const rows = new Set(await rowsOf(document));
    expect({ document, missing: names.filter((name) => !rows.has(name)) }).toEqual({ document, missing: [] });
  }
}

describe('the site', () => {
  it('has every option of the module, of a merchant and of a call', async () => {
    const reported = await report('index');
    const modules = await propertiesOf('WechatPayModuleOptions', reported, NESTED);
    const merchants = await propertiesOf('MerchantOptions', reported, NESTED);
    const others = ['WechatPayModuleExtras', 'CloseOptions', 'AgeOptions', 'SettleOptions'];
    const rest = await Promise.all(others.map((name) => propertiesOf(name, reported, {})));
    // These have rows for what is in them.
    const groups = ['timeouts', 'retry', 'hosts', 'merchantCache'];
    const names = [...modules, ...merchants, ...rest.flat()].filter((name) => !groups.includes(name));
    expect(names).toContain('apiV3.downloadCertificates.atStart');
    await expectRows('docs/guide/options.md', names);
  });

  it('has every option of auto-close', async () => {
    const reported = await report('auto-close');
    const own = await propertiesOf('AutoCloseModuleOptions', reported, { retry: 'AutoCloseRetryOptions' });
    const others = ['AutoCloseModuleExtras', 'SqliteStoreOptions', 'BullmqStoreOptions'];
    const rest = await Promise.all(others.map((name) => propertiesOf(name, reported, {})));
    const names = [...own, ...rest.flat()].filter((name) => name !== 'retry');
    await expectRows('docs/guide/auto-close.md', names);
  });

  it('has every option and every reason of notifications', async () => {
    const reported = await report('notifications');
    const interfaces = ['WechatPayNotificationsModuleOptions', 'NotificationEndpointOptions'];
    const options = await Promise.all(interfaces.map((name) => propertiesOf(name, reported, {})));
    await expectRows('docs/guide/notifications.md', options.flat());
    await expectRows('docs/guide/notifications.md', await literalsOf('NotificationRefusal', reported));
  });

  it('has every phase, every reason and every error that is exported', async () => {
    const index = await report('index');
    const reports = (await readdir(join(ROOT, 'api-report'))).filter((file) => file.endsWith('.api.md'));
    const texts = await Promise.all(reports.map((file) => textOf(`api-report/${file}`)));
    const classes = texts.flatMap((text) => [...text.matchAll(/^export (?:abstract )?class (\w+Error)\b/gm)]);
    const errors = classes.map(([, name = '']) => name).filter((name) => name !== 'WechatPayError');
    expect(errors).toContain('OutcomeUnknownError');
    const doubts = [...(await literalsOf('DoubtPhase', index)), ...(await literalsOf('DoubtReason', index))];
    await expectRows('docs/guide/errors.md', [...errors, ...doubts]);
  });

  it('has every page in its menu', async () => {
    const { GROUPS } = (await import(join(ROOT, 'docs/.vitepress/pages.mjs'))) as {
      GROUPS: { pages: [path: string][] }[];
    };
    const listed = GROUPS.flatMap(({ pages }) => pages.map(([path]) => `docs/${path}.md`));
    const pages = (await documents()).filter((name) => name.startsWith('docs/') && !name.endsWith('.zh-CN.md'));
    expect(pages.filter((name) => name !== 'docs/index.md')).toEqual(listed.toSorted());
  });

  it('links to headings that exist', async () => {
    const { slugOf } = (await import(join(ROOT, 'docs/.vitepress/pages.mjs'))) as {
      slugOf: (heading: string) => string;
    };
    const headings = async (document: string) =>
      [...(await textOf(document)).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => slugOf(heading));
    for (const document of await documents()) {
      for (const [, file = '', hash = ''] of (await textOf(document)).matchAll(
        /\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g,
      )) {
        const target = file === '' ? document : join(document, '..', file);
        expect({ document, hash, headings: await headings(target) }).toMatchObject({
          headings: expect.arrayContaining([decodeURI(hash)]),
        });
      }
    }
  });
});
