import { parseArgs } from 'node:util';

import { WechatPayEmulator } from './wechat-pay-emulator.js';

const HELP = `Runs a WeChat Pay for tests, over plain HTTP.

Usage: nestjs-wechatpay-emulator [--port 8080] [--host 127.0.0.1]

  --port, -p  TCP port; 0 takes a free one     (default 8080)
  --host      address to listen at             (default 127.0.0.1)
  --help, -h  print this and stop
`;

/** What became of a command line: an emulator that runs, or an exit code. */
export type CommandResult = { readonly emulator: WechatPayEmulator } | { readonly exitCode: number };

/**
 * Runs the command.
 *
 * @param args - the arguments after the command's name
 * @param print - takes what it has to say
 */
export async function runCommandLine(args: readonly string[], print: (text: string) => void): Promise<CommandResult> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', short: 'p', default: '8080' },
        host: { type: 'string', default: '127.0.0.1' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) {
      print(HELP);
      return { exitCode: 0 };
    }
    const emulator = await WechatPayEmulator.start({ port: portOf(values.port), host: values.host });
    print(welcome(emulator.url));
    return { emulator };
  } catch (error) {
    print(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    return { exitCode: 1 };
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new TypeError(`--port must be 0 to 65535, not ${text}.`);
  return port;
}

function welcome(url: string): string {
  return `The WeChat Pay emulator listens at ${url} in place of https://api.mch.weixin.qq.com and its like.

Merchants, keys and certificates, new at each start:
  curl ${url}/emulator/credentials

Place an order, pay it, see what came in:
  curl ${url}/emulator/orders -d '{"out_trade_no":"A1000001"}'
  curl -X POST ${url}/emulator/orders/A1000001/pay
  curl ${url}/emulator/requests

Also: POST orders/:id/refund, orders/:id/start-paying, clock, reset. Ctrl+C stops it.
`;
}
