import type { CloseResult } from '../orders/emulator-order.js';

import { Refusal } from './refusal.error.js';
import type { RefusalContent } from './refusal.error.js';
import { INTERNAL } from './refusals.js';

/** Which endpoints spell a code how: those of APIv3 in mainland China, the hk and global ones, and APIv2. */
export type Dialect = 'domestic' | 'overseas' | 'v2';

/** Why an order is not closed, found or placed again. */
export type OrderFault = Exclude<CloseResult, 'closed'> | 'notFound' | 'numberUsed';

type Spelling = Readonly<Record<Dialect, string>>;

interface FaultRow extends Omit<RefusalContent, 'code'> {
  readonly code: Spelling;
}

const spelled = (domestic: string, v2: string, overseas = domestic): Spelling => ({ domestic, overseas, v2 });

const FAULTS: Readonly<Record<OrderFault, FaultRow>> = {
  paid: {
    status: 400,
    code: spelled('ORDER_PAID', 'ORDERPAID', 'ORDERPAID'),
    message: 'The order is paid',
    internalCode: INTERNAL.orderPaid,
  },
  alreadyClosed: {
    status: 400,
    code: spelled('ORDER_CLOSED', 'ORDERCLOSED'),
    message: 'The order is closed',
  },
  paying: {
    status: 202,
    code: spelled('USER_PAYING', 'USERPAYING'),
    message: 'The buyer is typing the password; query again in 5 seconds',
  },
  reverseOnly: {
    status: 400,
    code: spelled('INVALID_REQUEST', 'INVALID_REQUEST'),
    message: 'An order of a payment code cannot be closed; reverse it',
    internalCode: INTERNAL.reverseOnly,
  },
  notFound: {
    status: 404,
    code: spelled('ORDER_NOT_EXIST', 'ORDERNOTEXIST'),
    message: 'There is no such order',
    internalCode: INTERNAL.orderNotFound,
  },
  numberUsed: {
    status: 403,
    code: spelled('OUT_TRADE_NO_USED', 'OUT_TRADE_NO_USED'),
    message: 'The order number is taken by an order with other parameters',
  },
};

/**
 * The refusal that an order's state calls for.
 *
 * @param fault - what stands in the way
 * @param dialect - how the endpoint spells codes
 * @see protocol: errors of the close endpoints, both spellings
 */
export function orderRefusal(fault: OrderFault, dialect: Dialect): Refusal {
  const { code, ...rest } = FAULTS[fault];
  return new Refusal({ ...rest, code: code[dialect] });
}
