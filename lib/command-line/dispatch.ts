import { VERSION } from '../wechat-pay.constants.js';
import { closeCommand } from './close/close.command.js';
import { CommandError, wordsOf } from './command-error.js';
import { doctorCommand } from './doctor/doctor.command.js';
import type { Subcommand, Terminal } from './terminal.js';

/** The exit code where a command could not do its work, so that nothing is known. */
export const COULD_NOT_RUN = 3;

const SUBCOMMANDS: ReadonlyMap<string, Subcommand> = new Map([
  ['close', closeCommand],
  ['doctor', doctorCommand],
]);

/**
 * Runs the command `nestjs-wechatpay`.
 *
 * @param args - the arguments after the command's name
 * @param terminal - where it speaks, and where it looks
 * @returns the exit code
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === '--version') {
    terminal.print(VERSION);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h') {
    terminal.print(overview());
    return name === undefined ? COULD_NOT_RUN : 0;
  }
  const subcommand = SUBCOMMANDS.get(name);
  if (subcommand === undefined) {
    terminal.complain(`There is no command of this name.\n\n${overview()}`);
    return COULD_NOT_RUN;
  }
  try {
    return await subcommand.run(rest, terminal);
  } catch (error) {
    // Node.js would end with 1, which means something else here, and would print what may quote a key.
    terminal.complain(error instanceof CommandError ? error.message : `The command failed: ${wordsOf(error)}.`);
    return COULD_NOT_RUN;
  }
}

function overview(): string {
  const width = Math.max(...[...SUBCOMMANDS.keys()].map((name) => name.length));
  const lines = [...SUBCOMMANDS].map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: nestjs-wechatpay <command> [options]\n\n${lines.join('\n')}\n\nnestjs-wechatpay <command> --help says more.`;
}
