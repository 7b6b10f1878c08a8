import { parseArgs } from 'node:util';

import { WechatPayEmulator } from './wechat-pay-emulator.js';

const USAGE = `Usage: nestjs-wechatpay-emulator [--port 8080] [--host 127.0.0.1]

  --port, -p  TCP port; 0 takes a free one     (default 8080)
  --host      address to listen at             (default 127.0.0.1)
  --help, -h  print all that it can do, and stop
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
  let port: string | undefined;
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
      print(`Runs a WeChat Pay for tests, over plain HTTP.\n\n${USAGE}\n${guide('http://127.0.0.1:8080')}`);
      return { exitCode: 0 };
    }
    ({ port } = values);
    const emulator = await WechatPayEmulator.start({ port: portOf(port), host: values.host });
    print(welcome(emulator.url));
    return { emulator };
  } catch (error) {
    if (isTaken(error)) print(`port ${port} is taken; choose another with --port`);
    else print(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return { exitCode: 1 };
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new TypeError(`--port must be 0 to 65535, not ${text}.`);
  return port;
}

function isTaken(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE';
}

function welcome(url: string): string {
  return `The WeChat Pay emulator listens at ${url}. Ctrl+C stops it.\n\n${guide(url)}`;
}

/** How to use an emulator: every control call, and which key signs. */
function guide(url: string): string {
  return `Send requests to ${url} in place of https://api.mch.weixin.qq.com and its like.

The control API, JSON at ${url}:

  GET   /emulator/credentials                   merchants, keys and certificates, new at each start
  POST  /emulator/orders                        places an order: {"out_trade_no":"A1000001"}
        of a sub-merchant:                      {"out_trade_no":"A1000001","sub_mchid":"1230000109"}
        combined, or of "kind":"repayment":     {"kind":"combine","combine_out_trade_no":"C1000001","sub_orders":[{"out_trade_no":"A1000001"}]}
        for the hk and global endpoints:        {"kind":"overseas","out_trade_no":"A1000001"}
        by payment code:                        {"out_trade_no":"A1000001","trade_type":"MICROPAY"}
  GET   /emulator/orders                        all orders
  GET   /emulator/orders/A1000001               one order, by its number or its id, such as order-1
  POST  /emulator/orders/A1000001/pay           the buyer pays it; no body
  POST  /emulator/orders/A1000001/start-paying  the buyer begins to pay it; no body
  POST  /emulator/orders/A1000001/refund        the merchant gives the money back; no body
  GET   /emulator/requests                      what came in, and how it was answered
  GET   /emulator/notifications                 what shops were told of payments, and will be; an order's notify_url must be here
  POST  /emulator/clock                         sets the time: {"now":"2030-01-01T00:00:00Z"}, {"advanceMs":60000} or {"reset":true}
  GET   /emulator/faults                        the faults in force
  POST  /emulator/faults                        adds a fault: {"kind":"unsigned"}
        for one order, once:                    {"kind":"delay","ms":2000,"when":{"out_trade_no":"A1000001","times":1}}
  DELETE /emulator/faults                       takes all faults away
  DELETE /emulator/faults/fault-1               takes one fault away, by its id
  POST  /emulator/fault-seed                    repeats what chance decides: {"seed":1}
  POST  /emulator/certificates/rotate           lists a new platform certificate, which signs; no body
        that does not sign yet, or in turn:     {"signs":"old"} or {"signs":"both"}
  POST  /emulator/certificates/retire           takes the older certificates off the list; no body
  POST  /emulator/public-key                    moves merchants to the public key: {"stage":"notStarted"}, {"stage":"started"} or {"stage":"finished"}
  POST  /emulator/reset                         forgets orders, requests, faults and rotations and puts the clock right; no body

For example:

  curl ${url}/emulator/credentials
  curl ${url}/emulator/orders -d '{"out_trade_no":"A1000001"}'
  curl -X POST ${url}/emulator/orders/A1000001/pay

An APIv3 reply is signed with the key that the request names in its header Wechatpay-Serial: the WeChat Pay public key if
its id stands there, and the platform certificate's key otherwise, also without the header. Send the header, or give your
SDK both keys; the credentials hold them.
`;
}
