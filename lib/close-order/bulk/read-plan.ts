import { InvalidRequestError, type RequestIssue } from '../../errors/invalid-request.error.js';
import type { AnyCloseVariant } from '../any-close-variant.js';
import { BUILT_IN_VARIANTS } from '../variants/built-in-variants.js';
import type { BulkCloseOptions, BulkVariant } from './bulk-close.options.js';
import { isSource } from './open-source.js';

const DEFAULTS = { concurrency: 16, ratePerSecond: 100, from: 0, buffer: 100_000 } as const;

/** The bounds of each number, both included. */
const NUMBERS = {
  concurrency: { least: 1, most: 1_000, isWhole: true },
  ratePerSecond: { least: 0.1, most: 10_000, isWhole: false },
  from: { least: 0, most: Number.MAX_SAFE_INTEGER, isWhole: true },
  buffer: { least: 1, most: 10_000_000, isWhole: true },
} as const;

type Numbers = Record<keyof typeof NUMBERS, number>;

/** The options of a bulk close, complete. */
export interface BulkPlan extends Readonly<Numbers> {
  readonly variant: AnyCloseVariant;
}

/**
 * Checks the options of a bulk close.
 *
 * @param source - as the application gave it
 * @param options - as the application gave them
 * @throws {@link InvalidRequestError} with every fault
 */
export function readPlan(source: unknown, options: BulkCloseOptions | undefined): BulkPlan {
  const variant = variantOf(options?.variant);
  const issues: RequestIssue[] = [];
  if (!isSource(source)) issues.push({ field: 'source', rule: 'is no Observable, iterable or async iterable' });
  if (variant === undefined) {
    const names = Object.keys(BUILT_IN_VARIANTS).join(', ');
    issues.push({ field: 'options.variant', rule: `is neither a CloseVariant nor one of ${names}` });
  }
  const numbers: Numbers = { ...DEFAULTS };
  for (const name of ['concurrency', 'ratePerSecond', 'from', 'buffer'] as const) {
    const { least, most, isWhole } = NUMBERS[name];
    const value = options?.[name] ?? DEFAULTS[name];
    if ((isWhole ? Number.isInteger(value) : Number.isFinite(value)) && value >= least && value <= most) {
      numbers[name] = value;
    } else {
      issues.push({
        field: `options.${name}`,
        rule: `is not a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}`,
      });
    }
  }
  for (const name of ['each', 'record'] as const) {
    const given = options?.[name];
    if (given !== undefined && typeof given !== 'function') {
      issues.push({ field: `options.${name}`, rule: 'is no function' });
    }
  }
  if (variant === undefined || issues.length > 0) {
    throw new InvalidRequestError(issues, { variant: variant?.name ?? 'bulk', order: {} });
  }
  return { variant, ...numbers };
}

function variantOf(given: BulkVariant | undefined): AnyCloseVariant | undefined {
  if (typeof given === 'object') return isVariant(given) ? given : undefined;
  const [, variant] = Object.entries(BUILT_IN_VARIANTS).find(([name]) => name === given) ?? [];
  return variant;
}

/** Whether it is one at all: what is written in JavaScript may be anything. */
function isVariant(given: AnyCloseVariant | null): given is AnyCloseVariant {
  return typeof given?.name === 'string' && typeof given.request?.safeParse === 'function';
}
