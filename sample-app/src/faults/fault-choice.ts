import type { EmulatorOrder, Fault } from 'nestjs-wechatpay/emulator';
import { z } from 'zod';

/** What can go wrong with an order's next close. */
export const FAULT_CHOICES = ['lostReply', 'forgedReply', 'serverError', 'slow', 'paidFirst'] as const;

/** One of them. */
export type FaultChoice = (typeof FAULT_CHOICES)[number];

/** What `PUT /shop/orders/:id/fault` takes. */
export const faultRequestSchema = z.strictObject({
  fault: z
    .enum(FAULT_CHOICES)
    .nullable()
    .describe('What goes wrong when the order is closed the next time; null for nothing'),
});

/** A body of `PUT /shop/orders/:id/fault`. */
export type FaultRequest = z.output<typeof faultRequestSchema>;

/**
 * The emulator's faults that make it so.
 *
 * @param choice - what goes wrong
 * @param order - with whose close
 * @param closePaths - of WeChat Pay's endpoints that close it, as path templates
 */
export function faultsOf(
  choice: FaultChoice,
  { out_trade_no }: EmulatorOrder,
  closePaths: readonly string[],
): readonly Fault[] {
  const closes = closePaths.map((path) => ({ path, out_trade_no }));
  switch (choice) {
    case 'lostReply':
      // However often it is closed: only the query gets through.
      return closes.map((when) => ({ kind: 'reset', at: 'beforeHeaders', when }));
    case 'forgedReply':
      // The order is not closed, but someone on the way says so, and answers the query as well.
      return [
        ...closes.map((when): Fault => ({ kind: 'status', status: statusOf(when.path), processed: false, when })),
        { kind: 'wrongSignature', when: { out_trade_no } },
      ];
    case 'serverError':
      return closes.map((when) => ({ kind: 'systemError', processed: false, when: { ...when, times: 2 } }));
    case 'slow':
      return closes.map((when) => ({ kind: 'delay', ms: 3_000, when }));
    case 'paidFirst':
      return closes.map((when) => ({ kind: 'payDuringClose', when }));
  }
}

/** What WeChat Pay answers to a close that succeeds. */
function statusOf(path: string): number {
  return path.includes('/v3/') ? 204 : 200;
}
