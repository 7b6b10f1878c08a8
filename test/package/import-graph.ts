import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';

/** What a file asks for: `import`, `export … from`, `import()`, `import("…").X` of a type, and `require()`. */
const ASKED = /(?:(?<=[\s}*])from\s*|\bimport\s*|\bimport\s*\(\s*|\brequire\s*\(\s*)(['"])([^'"\n]+)\1/g;

/** What a JSDoc example imports, nobody does. */
const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm;

/** The packages that a file leads to, and where. */
export type Reached = ReadonlyMap<string, readonly string[]>;

/**
 * Follows every import of our own from a file, the dynamic ones too, and gives the packages at the ends.
 *
 * @param file - a `.js` or a `.d.ts` file
 * @param loaded - packages that are loaded by a name in a variable: they count wherever their name is a text of its own
 * @returns each package by name, with the files that ask for it
 */
export async function packagesFrom(file: string, loaded: readonly string[] = []): Promise<Reached> {
  const reached = new Map<string, string[]>();
  const seen = new Set<string>();
  const follow = async (from: string): Promise<void> => {
    if (seen.has(from)) return;
    seen.add(from);
    const text = (await readFile(from, 'utf8')).replaceAll(COMMENT, '');
    const asked = [...text.matchAll(ASKED)].map(([, , specifier = '']) => specifier);
    const named = loaded.filter((name) => text.includes(`'${name}'`));
    for (const specifier of new Set([...asked, ...named])) {
      if (specifier.startsWith('node:') || builtinModules.includes(specifier)) continue;
      if (specifier.startsWith('.')) await follow(besides(from, specifier));
      else reached.set(specifier, [...(reached.get(specifier) ?? []), from]);
    }
  };
  await follow(file);
  return reached;
}

/** The file that a relative import means: declarations lead to declarations. */
function besides(from: string, specifier: string): string {
  const path = join(dirname(from), specifier);
  return from.endsWith('.d.ts') ? path.replace(/\.js$/, '.d.ts') : path;
}
