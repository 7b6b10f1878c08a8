import { lastValueFrom } from 'rxjs';

import type { CloseOrderService } from '../../close-order/close-order.service.js';
import { BUILT_IN_VARIANTS } from '../../close-order/variants/built-in-variants.js';
import type { AnyCloseVariant } from '../../close-order/any-close-variant.js';
import { inWords } from '../../errors/order-reference.js';
import { WechatPayError } from '../../errors/wechat-pay.error.js';
import type { Terminal } from '../terminal.js';
import type { CloseArguments } from './arguments.js';
import type { PendingOrders } from './pending.js';

/**
 * Says of each order that is left what would be done, and sends nothing.
 *
 * @param service - that checks the requests
 * @param orders - those that are left
 * @param args - the variant and who signs
 * @param terminal - where it speaks
 * @returns the exit code
 */
export async function dryRun(
  service: CloseOrderService,
  orders: PendingOrders,
  args: CloseArguments,
  terminal: Terminal,
): Promise<number> {
  const { records, pending } = await orders.survey();
  const variant: AnyCloseVariant = BUILT_IN_VARIANTS[args.variant];
  let faults = 0;
  for await (const { record, request } of orders.read()) {
    const options = args.merchant === undefined ? {} : { merchant: args.merchant };
    try {
      const order = await lastValueFrom(service.identify(variant, request, options));
      terminal.print(`record ${record}: ${inWords(order)} would be closed (variant ${args.variant}).`);
    } catch (error) {
      if (!(error instanceof WechatPayError)) throw error;
      faults++;
      terminal.print(`record ${record}: ${error.message}`);
    }
  }
  const done = records - pending;
  terminal.print(
    `${pending - faults} would be closed, ${faults} do not hold, ${done} have ended before. Nothing was sent.`,
  );
  return faults === 0 ? 0 : 1;
}
