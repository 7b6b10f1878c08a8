import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// It runs the built package, as a shell does: `npm test` builds it first.
const COMMAND = fileURLToPath(new URL('../../dist/command-line/command.js', import.meta.url));

/** How a command ended. */
export interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `nestjs-wechatpay`.
 *
 * @param cwd - the folder
 * @param args - after the command's name
 * @param watch - sees the process while it runs
 * @param command - the file, where it is another one
 */
export function runCommand(
  cwd: string,
  args: readonly string[],
  watch: (child: ChildProcess) => void = () => {},
  command = COMMAND,
): Promise<Run> {
  const child = spawn(process.execPath, [command, ...args], { cwd, env: { PATH: process.env['PATH'] } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  watch(child);
  return new Promise((resolve) => {
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}
