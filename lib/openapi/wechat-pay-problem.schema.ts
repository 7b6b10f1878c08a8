import { z } from 'zod';

import { orderReferenceSchema } from './order-reference.schema.js';

const issue = z.object({
  field: z.string().meta({ description: 'The field that breaks it', examples: ['sub_orders[0].out_trade_no'] }),
  rule: z.string().describe('The rule; never the value'),
});

/** {@link WechatPayProblem}, which {@link WechatPayExceptionFilter} answers with, as `application/problem+json`. */
export const wechatPayProblemSchema = z
  .object({
    type: z
      .string()
      .meta({ description: 'Names the kind of problem', examples: ['urn:nestjs-wechatpay:problem:paid'] }),
    title: z.string().describe('The same for every problem of this type'),
    status: z.int().describe('The HTTP status'),
    detail: z.string().describe('What happened and what to do, for developers'),
    outcome: z
      .enum(['not_sent', 'paid', 'not_found', 'in_progress', 'needs_reverse', 'refused', 'unknown'])
      .describe('What became of the order, as far as it is known'),
    variant: z.string().meta({ description: 'The variant that was called', examples: ['direct'] }),
    order: orderReferenceSchema,
    authenticated: z.boolean().describe("Whether WeChat Pay's signature over the answer was verified"),
    retryable: z.boolean().describe('Whether the same call may succeed when it is made again'),
    code: z
      .string()
      .optional()
      .meta({ description: "WeChat Pay's error code", examples: ['ORDER_PAID'] }),
    requestId: z.string().optional().describe("APIv3 Request-ID, for WeChat Pay's support"),
    issues: z.array(issue).optional().describe('Every fault of a request that does not hold'),
    closableAt: z.iso.datetime().optional().describe('When an order that is too young may be closed'),
    phase: z.string().optional().describe('Of an unknown outcome: how far the call came'),
    reason: z.string().optional().describe('Of an unknown outcome: what went wrong'),
  })
  .describe('Why the order is not closed (RFC 9457)');
