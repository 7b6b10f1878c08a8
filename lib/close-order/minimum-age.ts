import { InvalidRequestError } from '../errors/invalid-request.error.js';
import { inWords, type OrderReference } from '../errors/order-reference.js';
import { OrderTooYoungError } from '../errors/order-too-young.error.js';

/** How old orders should be before they are closed. */
export interface MinimumAge {
  readonly ms: number;
  /** Whether WeChat Pay demands it, or only advises it because the state of a new order may lag. */
  readonly isBinding: boolean;
}

/** What to do with an order that is too young. */
export type TooYoung = 'reject' | 'wait' | 'ignore';

/** How far the clocks of a shop's machines may differ. */
const MOST_AHEAD_MS = 86_400_000;

/** What is known of an order's age. */
export interface AgeOptions {
  /** When the order was placed, as a date or in milliseconds since 1970. Without it, no age is kept. */
  readonly createdAt?: Date | number;
  /**
   * What to do with an order that is too young: end with {@link OrderTooYoungError}, start the close later, or close it
   * all the same.
   *
   * @default 'reject' where WeChat Pay demands an age (APIv2), 'ignore' where it advises one
   */
  readonly tooYoung?: TooYoung;
}

/**
 * How long a close has to wait for its order's age.
 *
 * @param age - of the variant, if it has one
 * @param options - of the call
 * @param now - in milliseconds
 * @param call - names the order
 * @returns milliseconds, 0 for none
 * @throws {@link OrderTooYoungError}, or {@link InvalidRequestError} where `createdAt` is no time
 * @see protocol §1.4
 */
export function waitForAge(
  age: MinimumAge | undefined,
  { createdAt, tooYoung }: AgeOptions,
  now: number,
  call: { readonly variant: string; readonly order: OrderReference },
): number {
  if (age === undefined || createdAt === undefined) return 0;
  const placedAt = Number(createdAt);
  // A wrong unit or an invalid date would make any wait of it.
  if (!Number.isSafeInteger(Math.trunc(placedAt)) || placedAt - now > MOST_AHEAD_MS) {
    const rule = 'is no time up to now; give a Date, or milliseconds since 1970';
    throw new InvalidRequestError([{ field: 'options.createdAt', rule }], call);
  }
  const closableAt = placedAt + age.ms;
  const policy = tooYoung ?? (age.isBinding ? 'reject' : 'ignore');
  if (policy === 'ignore' || now >= closableAt) return 0;
  if (policy === 'wait') return closableAt - now;
  const at = new Date(closableAt);
  throw new OrderTooYoungError(
    `${inWords(call.order)} is younger than ${age.ms / 60_000} minutes, and nothing was sent: close it from ${at.toISOString()} on, or set tooYoung.`,
    { ...call, authenticated: false, attempts: 0 },
    at,
  );
}
