import { z } from 'zod';

import type { Fault } from './fault.js';

/** The longest time a timer can be set to. */
const MOST_MS = 2 ** 31 - 1;
const MOST_BYTES = 67_108_864;

const count = z.int().min(0);
const ms = z.number().min(0).max(MOST_MS);
const status = z.int().min(200).max(599);
const headerText = z.string().regex(/^[\x20-\x7e]*$/, 'a header has printable ASCII characters only');

const when = z.strictObject({
  path: z.string().startsWith('/').optional(),
  out_trade_no: z.string().min(1).optional(),
  times: z.int().min(1).optional(),
  after: count.optional(),
  probability: z.number().min(0).max(1).optional(),
});

const fault = <Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) =>
  z.strictObject({ kind: z.literal(kind), when: when.optional(), ...shape });

const replacing = { processed: z.boolean().optional() };

/** Checks a fault that comes from outside. Fields that are not known are refused. */
export const faultSchema: z.ZodType<Fault> = z.discriminatedUnion('kind', [
  fault('refuse', {}),
  fault('reset', { at: z.enum(['beforeProcessing', 'beforeHeaders', 'insideHeaders', 'insideBody']) }),
  fault('stall', { at: z.enum(['headers', 'body']), ms: ms.optional() }),
  fault('drip', { ms }),
  fault('garbage', { text: z.string().min(1).optional() }),
  fault('truncate', { bytes: z.int().min(1).optional() }),
  fault('contentLength', { off: z.int().refine((off) => off !== 0, 'an offset of 0 is no fault') }),
  fault('delay', { ms }),
  fault('status', { status, ...replacing }),
  fault('html', {
    status: status.refine((code) => code !== 204 && code !== 304, 'this status has no body').optional(),
    page: z.string().optional(),
    ...replacing,
  }),
  fault('redirect', {
    status: z.union([z.literal(301), z.literal(302), z.literal(303), z.literal(307), z.literal(308)]).optional(),
    location: headerText.min(1),
    ...replacing,
  }),
  fault('unsigned', {}),
  fault('wrongSignature', {}),
  fault('signTest', {}),
  fault('replay', { request: z.int().min(1).optional() }),
  fault('stale', { offsetSeconds: z.int() }),
  fault('header', {
    name: z
      .string()
      .regex(/^[\w!#$%&'*+.^`|~-]+$/, 'a header name is a token')
      .refine((name) => name.toLowerCase() !== 'content-length', 'Content-Length has a fault of its own'),
    make: z.enum(['missing', 'empty', 'doubled']),
  }),
  fault('unknownSerial', {}),
  fault('compress', {}),
  fault('oversize', { bytes: z.int().min(1).max(MOST_BYTES) }),
  fault('throttle', { retryAfter: headerText.optional(), ...replacing }),
  fault('systemError', replacing),
  fault('inProgress', replacing),
  fault('certificates', {
    make: z.enum(['missing', 'empty', 'wrongKey', 'tampered', 'serialMismatch', 'expired', 'notYetValid', 'weakKey']),
  }),
  fault('payDuringClose', {}),
  fault('loseReply', {}),
]);
