import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const LIMIT_MS = 300_000;

/**
 * Runs a program and gives what it wrote.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} cwd
 * @param {Record<string, string>} [env] - beside what this process has
 * @returns {Promise<{ stdout: string, stderr: string }>}
 * @throws Error with everything it wrote, if it fails or has not ended after five minutes
 */
export async function run(command, args, cwd, env = {}) {
  // The settings of this run's own npm and Node must not reach a consumer's.
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:npm_|NODE_OPTIONS$|INIT_CWD$)/.test(name));
  const options = { cwd, env: { ...Object.fromEntries(inherited), ...env }, maxBuffer: 2 ** 24, timeout: LIMIT_MS };
  try {
    return await promisify(execFile)(command, args, options);
  } catch (error) {
    const { stdout = '', stderr = '', killed = false } = /** @type {{ [key: string]: any }} */ (error);
    const end = killed ? 'did not end in time' : 'failed';
    throw new Error(`${[command, ...args].join(' ')} ${end}\n${stdout}${stderr}`.trim(), { cause: error });
  }
}
