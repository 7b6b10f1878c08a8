import { execFile } from 'node:child_process';
import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** The repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

/**
 * Runs a program and gives what it wrote.
 *
 * @throws Error with everything it wrote, if it fails
 */
export async function run(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<{ stdout: string; stderr: string }> {
  // The settings of this run's own npm and Node must not reach a consumer's.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:npm_|NODE_OPTIONS$|INIT_CWD$)/.test(name));
  return promisify(execFile)(command, args, { cwd, env: Object.fromEntries(inherited), maxBuffer: 2 ** 24 });
}

/**
 * Packs the package as it would be published.
 *
 * @returns the tarball and what is in it
 */
export async function pack(): Promise<{ tarball: string; files: string[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'nestjs-wechatpay-pack-'));
  const { stdout } = await run('npm', ['pack', '--json', '--silent', '--pack-destination', folder], ROOT);
  const [name] = await readdir(folder);
  const listing = JSON.parse(stdout.slice(stdout.search(/^[[{]/m))) as
    { files: { path: string }[] }[] | Record<string, { files: { path: string }[] }>;
  const [packed] = Object.values(listing);
  return { tarball: join(folder, name ?? ''), files: (packed?.files ?? []).map(({ path }) => path) };
}
