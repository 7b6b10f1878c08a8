import { z } from 'zod';

import { orderReferenceSchema } from './order-reference.schema.js';

/** {@link ClosedOrder} as JSON, for the documentation of routes and for clients that check what they get. */
export const closedOrderSchema = z
  .object({
    state: z.literal('CLOSED'),
    variant: z.string().meta({ description: 'The variant that was called', examples: ['direct'] }),
    order: orderReferenceSchema,
    alreadyClosed: z.boolean().describe('WeChat Pay said that it had been closed before'),
    confirmedBy: z.enum(['reply', 'query']).describe('What proved it: the reply to the close, or a signed query'),
    requestId: z.string().optional().describe("APIv3 Request-ID, for WeChat Pay's support"),
    attempts: z.int().min(1).describe('How many requests to close were sent'),
    response: z.record(z.string(), z.string()).optional().describe('APIv2: the verified fields of the reply'),
  })
  .describe("The order is closed, proven by WeChat Pay's signature: nobody can pay it any more");
