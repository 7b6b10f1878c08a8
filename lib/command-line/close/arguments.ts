import { parseArgs } from 'node:util';

import type { Confirm } from '../../close-order/confirmation.js';
import { BUILT_IN_VARIANTS, type BuiltInVariantName } from '../../close-order/variants/built-in-variants.js';
import { CommandError } from '../command-error.js';
import { isOutcomeName, OUTCOMES, type OutcomeName } from './outcome-name.js';

const VARIANTS = Object.keys(BUILT_IN_VARIANTS).join(', ');
const CONFIRM = ['never', 'onDoubt', 'always'] as const;

/** What `--help` prints. */
export const USAGE = `Usage: nestjs-wechatpay close --variant direct --from orders.csv --out outcomes.csv [options]

Closes the orders of a file, and writes what became of each to another one. The same command again goes on where it stopped:
orders that have ended are passed over, those whose outcome is unknown are closed again, which does no harm.

  --variant      which endpoint: ${VARIANTS}
  --from         the orders: *.csv, whose header names WeChat Pay's request fields, where an empty cell leaves a field out and
                 one that begins with [ or { is JSON, such as sub_orders; or *.ndjson or *.jsonl, one request as JSON a line
  --out          the outcomes, as CSV; each is on the disk before the next order takes its place. One command at a time
  --config, -c   a module whose default export is what WechatPayModule.forRoot takes, or a function that returns it; or a JSON
                 file. Without it, one merchant is read from the environment, as by nestjs-wechatpay doctor
  --merchant     the number of the merchant that signs, where several are configured and the orders do not say
  --confirm      when a signed query decides: ${CONFIRM.join(', ')}; the configuration's choice by default
  --concurrency  how many orders at once: 1 to 1000, 16 by default
  --rate         how many closes of a merchant begin in a second at most: 0.1 to 10000, 100 by default; fewer while WeChat Pay
                 finds them too frequent
  --retry        outcomes that are tried again, too, once for each: ${OUTCOMES.join(', ')}
  --skip-column  a column of the CSV that is no field of the request; once for each
  --dry-run      sends nothing; says of each order that is left what would be done
  --help, -h     prints this, and stops

An interruption (Ctrl+C) lets the orders under way end; a second one aborts them.
Exit code: 0 every order is closed; 1 every order has an outcome, and not all are closed; 3 it could not be done, as the message
says; 130 it was interrupted.`;

/** What the command is asked to do. */
export interface CloseArguments {
  readonly variant: BuiltInVariantName;
  readonly from: string;
  readonly out: string | undefined;
  readonly config: string | undefined;
  readonly merchant: string | undefined;
  readonly confirm: Confirm | undefined;
  readonly concurrency: number | undefined;
  readonly rate: number | undefined;
  readonly retry: readonly OutcomeName[];
  readonly skipped: readonly string[];
  readonly isDryRun: boolean;
}

/**
 * Reads the command's arguments.
 *
 * @param args - what stands after the command's name
 * @returns `undefined` where only help is wanted
 * @throws {@link CommandError} that says how it is used
 */
export function readArguments(args: readonly string[]): CloseArguments | undefined {
  const given = parse(args);
  if (given.help) return undefined;
  const isDryRun = given['dry-run'];
  if (given.out === undefined && !isDryRun) throw misused('--out is missing.');
  return {
    variant: isVariant(given.variant) ? given.variant : fail(`--variant takes one of ${VARIANTS}.`),
    from: given.from ?? fail('--from is missing.'),
    out: given.out,
    config: given.config,
    merchant: given.merchant,
    confirm:
      CONFIRM.find((name) => name === given.confirm) ??
      absent(given.confirm, `--confirm takes one of ${CONFIRM.join(', ')}.`),
    concurrency: numberOf(given.concurrency, '--concurrency'),
    rate: numberOf(given.rate, '--rate'),
    retry: given.retry.map((name) =>
      isOutcomeName(name) ? name : fail(`--retry takes one of ${OUTCOMES.join(', ')}.`),
    ),
    skipped: given['skip-column'],
    isDryRun,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        variant: { type: 'string' },
        from: { type: 'string' },
        out: { type: 'string' },
        config: { type: 'string', short: 'c' },
        merchant: { type: 'string' },
        confirm: { type: 'string' },
        concurrency: { type: 'string' },
        rate: { type: 'string' },
        retry: { type: 'string', multiple: true, default: [] },
        'skip-column': { type: 'string', multiple: true, default: [] },
        'dry-run': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw misused(error instanceof Error ? error.message : String(error));
  }
}

function isVariant(name: string | undefined): name is BuiltInVariantName {
  return name !== undefined && Object.hasOwn(BUILT_IN_VARIANTS, name);
}

function numberOf(text: string | undefined, name: string): number | undefined {
  if (text === undefined) return undefined;
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : fail(`${name} takes a number.`);
}

function absent(text: string | undefined, rule: string): undefined {
  if (text !== undefined) fail(rule);
}

function fail(rule: string): never {
  throw misused(rule);
}

function misused(words: string): CommandError {
  return new CommandError(`${words}\n\n${USAGE}`);
}
