import { resolve } from 'node:path';

import type { INestApplicationContext } from '@nestjs/common';
import { catchError, EMPTY, lastValueFrom } from 'rxjs';

import type { AnyCloseVariant } from '../../close-order/any-close-variant.js';
import { CloseOrderService } from '../../close-order/close-order.service.js';
import { BUILT_IN_VARIANTS } from '../../close-order/variants/built-in-variants.js';
import { InvalidRequestError } from '../../errors/invalid-request.error.js';
import { WechatPayConfigurationError } from '../../errors/wechat-pay-configuration.error.js';
import { CommandError, wordsOf } from '../command-error.js';
import { readConfiguration } from '../read-configuration.js';
import { readEnvironment } from '../read-environment.js';
import { startModule } from '../start-module.js';
import type { Subcommand, Terminal } from '../terminal.js';
import { type CloseArguments, readArguments, USAGE } from './arguments.js';
import { closeOrders } from './close-orders.js';
import { dryRun } from './dry-run.js';
import { OutcomeFile, readLedger } from './outcome-file.js';
import { loadCsv } from './packages.js';
import { type Pending, PendingOrders } from './pending.js';
import { openProgress } from './progress.js';
import type { OrderFile } from './read-orders.js';
import { areAllClosed, summaryOf } from './summary.js';

/** As shells have it: 128 and the number of SIGINT. */
const INTERRUPTED = 130;

async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  const asked = readArguments(args);
  if (asked === undefined) {
    terminal.print(USAGE);
    return 0;
  }
  const csv = await loadCsv();
  const file: OrderFile = { path: resolve(terminal.cwd, asked.from), skipped: asked.skipped, csv };
  const out = asked.out === undefined ? undefined : resolve(terminal.cwd, asked.out);
  const app = await start(asked, terminal);
  try {
    const service = app.get(CloseOrderService);
    if (out === undefined || asked.isDryRun) {
      return await dryRun(service, new PendingOrders(file, await readLedger(out, csv), asked), asked, terminal);
    }
    return await closeAll(service, file, out, asked, terminal);
  } finally {
    await app.close();
  }
}

async function closeAll(
  service: CloseOrderService,
  file: OrderFile,
  path: string,
  args: CloseArguments,
  terminal: Terminal,
): Promise<number> {
  if (path === file.path) throw new CommandError('--from and --out are the same file; give --out another name.');
  // The whole input is looked at before there is a file for the outcomes, and before anything is sent.
  const { records, pending, samples } = await new PendingOrders(file, await readLedger(path, file.csv), args).survey();
  // oxlint-disable-next-line no-await-in-loop -- the first one that is refused is the one to tell of
  for (const sample of samples) await refuseColumns(service, sample, args);
  const out = await OutcomeFile.open(path, file.csv);
  try {
    const orders = new PendingOrders(file, out.ledger, args);
    const progress = await openProgress(terminal, pending);
    try {
      const isAtEnd = await closeOrders({ service, orders, out, args, progress }, terminal);
      progress.stop();
      terminal.print(summaryOf(out.ledger, records));
      if (!isAtEnd) return INTERRUPTED;
      return areAllClosed(out.ledger, records) ? 0 : 1;
    } finally {
      progress.stop();
    }
  } finally {
    await out.close();
  }
}

/** A column that is no field would make every order one that does not hold. */
async function refuseColumns(service: CloseOrderService, { request }: Pending, args: CloseArguments): Promise<void> {
  const variant: AnyCloseVariant = BUILT_IN_VARIANTS[args.variant];
  const refuse = catchError((error: unknown) => {
    const issues = error instanceof InvalidRequestError ? error.issues : [];
    const columns = issues.filter(({ rule }) => rule === 'is no field of this variant').map(({ field }) => field);
    if (columns.length === 0) return EMPTY;
    throw new CommandError(
      `Variant ${args.variant} has no field ${columns.join(', ')}; rename or remove the column, or pass ${columns.map((name) => `--skip-column ${name}`).join(' ')}.`,
    );
  });
  await lastValueFrom(
    service.identify(variant, request, args.merchant === undefined ? {} : { merchant: args.merchant }).pipe(refuse),
    {
      defaultValue: undefined,
    },
  );
}

async function start({ config }: CloseArguments, terminal: Terminal): Promise<INestApplicationContext> {
  const options = await (config === undefined ? readEnvironment(terminal) : readConfiguration(config, terminal));
  try {
    return await startModule(options);
  } catch (error) {
    const words = error instanceof WechatPayConfigurationError ? error.message : wordsOf(error);
    throw new CommandError(`The module does not start with this configuration, and nothing was sent: ${words}`);
  }
}

/** `nestjs-wechatpay close`. */
export const closeCommand: Subcommand = {
  summary: 'closes the orders of a CSV or NDJSON file',
  run,
};
