import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { CommandError, wordsOf } from '../command-error.js';
import { readConfiguration } from '../read-configuration.js';
import { inVariables, readEnvironment } from '../read-environment.js';
import type { Subcommand, Terminal } from '../terminal.js';
import { examine } from './examine.js';
import { asJson, asText, exitCodeOf } from './report.js';

const USAGE = `Usage: nestjs-wechatpay doctor [--config wechat-pay.config.mjs] [--online] [--json]

Examines what WechatPayModule.forRoot takes, and says what is wrong and what to do about it. No key is printed.

  --config, -c   a module whose default export is the options, or a function that returns them; or a JSON file
  --certificate  apiclient_cert.pem, to compare serial number and private key with; once for each merchant
  --online       asks WeChat Pay, too: its self-test, which touches no order, at every host
  --json         prints {"findings":[{"severity","code","option","merchant","message","remedy"}]}
  --help, -h     prints this, and stops

Without --config, one merchant is read from the environment; a value such as @apiclient_key.pem names a file:
  WECHATPAY_MCHID, WECHATPAY_APPID, WECHATPAY_SERIAL_NO, WECHATPAY_PRIVATE_KEY, WECHATPAY_PUBLIC_KEY_ID,
  WECHATPAY_PUBLIC_KEY, WECHATPAY_APIV3_KEY, WECHATPAY_APIV2_KEY

Exit code: 0 nothing to mend, 1 warnings, 2 errors, 3 nothing could be examined.`;

interface Arguments {
  readonly config?: string | undefined;
  readonly certificate: readonly string[];
  readonly online: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const { config, certificate, online, json, help } = read(args);
  if (help) {
    terminal.print(USAGE);
    return 0;
  }
  const options = await (config === undefined ? readEnvironment(terminal) : readConfiguration(config, terminal));
  const certificates = await Promise.all(certificate.map((path) => readCertificate(path, terminal)));
  const found = await examine(options, { online, certificates });
  const findings = config === undefined ? found.map(inVariables) : found;
  terminal.print(json ? asJson(findings) : asText(findings, online));
  return exitCodeOf(findings);
}

function read(args: readonly string[]): Arguments {
  try {
    return parseArgs({
      args: [...args],
      options: {
        config: { type: 'string', short: 'c' },
        certificate: { type: 'string', multiple: true, default: [] },
        online: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new CommandError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

async function readCertificate(path: string, { cwd }: Terminal): Promise<Uint8Array> {
  try {
    return await readFile(resolve(cwd, path));
  } catch (error) {
    throw new CommandError(`--certificate cannot be read: ${wordsOf(error)}.`);
  }
}

/** `nestjs-wechatpay doctor`. */
export const doctorCommand: Subcommand = {
  summary: 'examines a configuration and says what is wrong with it',
  run,
};
