import { z } from 'zod';

const order = z
  .object({
    mchid: z.string().optional(),
    sub_mchid: z.string().optional(),
    out_trade_no: z.string().optional(),
    combine_out_trade_no: z.string().optional(),
    transaction_id: z.string().optional(),
  })
  .describe('Which order is meant');

/** Documents the library's `ClosedOrder`. */
export const closedOrderSchema = z.object({
  state: z.literal('CLOSED'),
  variant: z.string().describe('The variant that was called'),
  order,
  alreadyClosed: z.boolean().describe('WeChat Pay said that it had been closed before'),
  confirmedBy: z.literal('reply').describe('What proved it'),
  requestId: z.string().optional().describe("APIv3 `Request-ID`, for WeChat's support"),
  attempts: z.number(),
  response: z.record(z.string(), z.string()).optional().describe('APIv2: the verified fields of the reply'),
});

/** Documents the library's `WechatPayProblem`. */
export const errorSchema = z.object({
  type: z.string().describe('Names the kind of problem, such as `urn:nestjs-wechatpay:problem:paid`'),
  title: z.string().describe('The same for every problem of this type'),
  status: z.number().describe('The HTTP status'),
  detail: z.string().describe('What happened and what to do, for developers'),
  outcome: z.enum(['not_sent', 'paid', 'not_found', 'in_progress', 'needs_reverse', 'refused', 'unknown']),
  retryable: z.boolean().describe('Whether the same call may succeed when it is made again'),
  authenticated: z.boolean().describe("Whether WeChat Pay's signature over the answer was verified"),
  variant: z.string(),
  order,
  code: z.string().optional().describe("WeChat Pay's error code"),
  requestId: z.string().optional().describe("For WeChat's support"),
  issues: z
    .array(z.object({ field: z.string(), rule: z.string() }))
    .optional()
    .describe('Of a request that does not hold'),
  closableAt: z.string().optional().describe('Of an order that is too young'),
  phase: z.string().optional().describe('Of an unknown outcome: how far the request got'),
  reason: z.string().optional().describe('Of an unknown outcome: what went wrong'),
});

/** Documents what Nest answers to a body that its schema refuses. */
export const rejectionSchema = z.object({
  statusCode: z.literal(400),
  error: z.literal('Bad Request'),
  message: z.array(z.string()).describe('Each fault, led by the name of its field'),
});
