// Writes the API reference, `docs/api`: a page a subpath, from the declarations in `dist`, with their docstrings.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import { ENTRIES, extract } from '../../api-report/extract.mjs';

const folder = resolve(import.meta.dirname, '../api');
const HAS_PARTS = new Set(['Class', 'Interface']);
const TAGS = {
  param: 'Parameter',
  default: 'Default:',
  defaultValue: 'Default:',
  returns: 'Returns',
  throws: 'Throws',
};

/** The pages of all names, so that `{@link Name}` finds another subpath's. */
const homes = new Map();

await rm(folder, { recursive: true, force: true });
await mkdir(folder);
const temporary = await mkdtemp(join(tmpdir(), 'nestjs-wechatpay-docs-'));
const models = [];
for (const entry of ENTRIES) {
  const apiJsonFilePath = join(temporary, `${entry.name}.json`);
  if (extract(entry, { docModel: { enabled: true, apiJsonFilePath } }) > 0)
    throw new Error(`${entry.subpath} is faulty`);
  const model = JSON.parse(await readFile(apiJsonFilePath, 'utf8'));
  const items = model.members[0].members.filter(({ releaseTag }) => releaseTag === 'Public');
  for (const { name } of items) if (!homes.has(name)) homes.set(name, `/api/${entry.name}.md#${name.toLowerCase()}`);
  models.push({ ...entry, items });
}
await rm(temporary, { recursive: true });
for (const { name, subpath, items } of models) await writeFile(join(folder, `${name}.md`), page(subpath, items));

function page(subpath, items) {
  const title = subpath.replace('.', 'nestjs-wechatpay');
  const intro = `What \`${title}\` exports, from its declarations.`;
  return `---\noutline: 2\neditLink: false\n---\n\n# ${title}\n\n${intro}\n\n${items.map(section).join('\n')}`;
}

function section(item) {
  const parts = HAS_PARTS.has(item.kind) ? item.members.filter(({ kind }) => kind !== 'Constructor') : [];
  const list = parts.map((part) => `- \`\`${signatureOf(part)}\`\`\n\n${indented(documentation(part))}`);
  const code = `\`\`\`typescript\n${signatureOf(item)}\n\`\`\``;
  return `## ${item.name}\n\n${code}\n\n${documentation(item)}\n\n${list.join('\n')}\n`;
}

function signatureOf({ excerptTokens, kind }) {
  const text = excerptTokens.map(({ text: part }) => part).join('');
  const declaration = text.replace(/^export (?:declare )?/, '').trim();
  return HAS_PARTS.has(kind) ? declaration : declaration.replace(/;$/, '');
}

/** A docstring as Markdown: its links lead to the pages, its tags begin paragraphs, its examples stay code. */
function documentation({ docComment = '' }) {
  const text = docComment
    .replace(/^\/\*\*\s?|\s*\*\/\s*$/g, '')
    .replaceAll(/^\s*\* ?/gm, '')
    .trim();
  return text
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part) => (part.startsWith('```') ? part.replace(/^```ts\b/, '```typescript') : prose(part)))
    .join('')
    .trim();
}

function prose(text) {
  return text
    .replaceAll(/\{@link ([^}|\s]+)(?:\s*\|\s*([^}]+))?\}/g, (_, name, label) => linked(name, label ?? name))
    .replaceAll(/^@example\s*/gm, '\n**Example**\n\n')
    .replaceAll(/^@(param|default|defaultValue|returns|throws) /gm, (_, tag) => `\n**${TAGS[tag]}** `)
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;').replaceAll('{{', '&#123;&#123;')))
    .join('');
}

function linked(name, label) {
  const home = homes.get(name.split(/[.#]/)[0]);
  return home === undefined ? `\`${label}\`` : `[\`${label}\`](${home})`;
}

function indented(text) {
  return text.replaceAll(/^(?=.)/gm, '  ');
}
