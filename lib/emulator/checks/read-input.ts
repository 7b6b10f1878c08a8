import { z } from 'zod';

import type { Refusal } from '../answers/refusal.error.js';
import { INTERNAL, paramError } from '../answers/refusals.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** `out_trade_no` and its like. Sources differ on charset and length, so this is the widest of them. */
export const orderNumber = z.string().regex(/^[\w\-|*@]{1,32}$/, 'must be 1 to 32 letters, digits or _-|*@');

/** A merchant number. */
export const merchantNumber = z.string().regex(/^\d{1,32}$/, 'must be 1 to 32 digits');

/** A string that is there, and at most so many characters long. */
export const text = (max: number): z.ZodString => z.string().min(1).max(max);

/**
 * Reads a JSON body.
 *
 * @param bytes - the body
 * @throws Refusal 400 PARAM_ERROR if it is not JSON in UTF-8
 */
export function readJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    throw paramError('The body must be a JSON object in UTF-8');
  }
}

/**
 * Checks what a request carries.
 *
 * @param schema - what is expected
 * @param input - what came
 * @param location - where it came
 * @throws Refusal 400 PARAM_ERROR that names the first field at fault
 * @see protocol: unknown extra fields are rejected (270924358)
 */
export function checkInput<Output>(
  schema: z.ZodType<Output>,
  input: unknown,
  location: 'body' | 'query' | 'path',
): Output {
  const checked = schema.safeParse(input);
  if (checked.success) return checked.data;
  throw firstIssue(checked.error, location);
}

function firstIssue(error: z.ZodError, location: string): Refusal {
  const [issue] = error.issues;
  if (issue === undefined) return paramError('A parameter is wrong');
  const isExtra = issue.code === 'unrecognized_keys';
  const path = isExtra ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  const field = `/${path.join('/')}`;
  return paramError(`${field}: ${issue.message}`, isExtra ? INTERNAL.extraParameter : INTERNAL.badParameter, {
    field,
    location,
  });
}
