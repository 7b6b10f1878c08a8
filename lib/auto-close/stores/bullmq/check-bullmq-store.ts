import { kindOf } from '../../../options/kind-of.js';
import type { OptionReport } from '../../../options/option-report.js';
import { checkNumbers } from '../../configuration/check-numbers.js';
import { serverOf } from './server-of.js';

const NUMBERS = { lockMs: [1_000, 3_600_000], stalledMs: [1_000, 3_600_000] } as const;
const OTHERS = ['kind', 'url', 'connection', 'prefix', 'migrate'];
/** A name that needs no quotes in PostgreSQL and hides nothing in a key of Redis, in which `{}` keep a cluster's keys together. */
const PREFIXES = { redis: /^[\w{}.-]{1,63}$/, postgres: /^[a-z_][a-z0-9_]{0,62}$/ } as const;

/**
 * Checks the options of a queue of BullMQ. A URL may hold a password, so no message repeats it.
 *
 * @param given - as the application gave them
 * @param report - takes every fault
 */
export function checkBullmqStore(given: object, report: OptionReport): void {
  report.refuseUnknown(given, [...OTHERS, ...Object.keys(NUMBERS)]);
  const { url, connection, prefix, migrate }: Record<string, unknown> = { ...given };
  checkNumbers(given, NUMBERS, report);
  if (migrate !== undefined && typeof migrate !== 'boolean') {
    report.at('migrate').fault(`is ${kindOf(migrate)}; give true or false`);
  }
  const server = serverOf({
    ...(typeof url === 'string' && { url }),
    ...(isConnection(connection) && { connection }),
  });
  const isOne = (url === undefined) !== (connection === undefined);
  if (server === undefined || !isOne) {
    report.fault(
      "names no server; give either url, such as 'redis://127.0.0.1:6379' or 'postgres://user@127.0.0.1:5432/shop', or connection: { redis: … } or { postgres: … }",
    );
    return;
  }
  if (prefix !== undefined && !(typeof prefix === 'string' && PREFIXES[server.engine].test(prefix))) {
    report
      .at('prefix')
      .fault(
        server.engine === 'redis'
          ? 'is not made of letters, digits and _ - . { }'
          : 'is not a name of a schema in small letters, digits and _',
      );
  }
}

function isConnection(value: unknown): value is { readonly redis: object } {
  return typeof value === 'object' && value !== null && ('redis' in value || 'postgres' in value);
}
