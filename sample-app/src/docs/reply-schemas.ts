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

/** Documents the library's `WechatPayError` as JSON. */
export const errorSchema = z.object({
  name: z.string().describe('The class, such as `OrderPaidError`'),
  outcome: z.enum(['not_sent', 'paid', 'not_found', 'in_progress', 'needs_reverse', 'refused', 'unknown']),
  message: z.string().describe('What happened and what to do'),
  retryable: z.boolean().describe('Whether the same call may succeed when it is made again'),
  authenticated: z.boolean().describe("Whether WeChat Pay's signature over the answer was verified"),
  variant: z.string(),
  order,
  attempts: z.number(),
  code: z.string().optional().describe("WeChat Pay's error code"),
  description: z.string().optional().describe("WeChat Pay's words for it"),
  status: z.number().optional().describe('The HTTP status of its answer'),
  requestId: z.string().optional(),
});

/** Documents what Nest answers to a body that its schema refuses. */
export const rejectionSchema = z.object({
  statusCode: z.literal(400),
  error: z.literal('Bad Request'),
  message: z.array(z.string()).describe('Each fault, led by the name of its field'),
});
