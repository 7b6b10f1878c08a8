import type { AttemptEnd, CallOperation, Outcome } from 'nestjs-wechatpay';
import type { Settlement } from 'nestjs-wechatpay/auto-close';

/** A call of the library begins: by hand, or since the order's time is up. */
export interface CallEntry {
  readonly kind: 'call';
  readonly operation: CallOperation;
  readonly variant: string;
}

/** One signed request to WeChat Pay. */
export interface AttemptEntry {
  readonly kind: 'attempt';
  readonly operation: 'close' | 'query';
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Absent while it is under way. */
  readonly end?: AttemptEnd & { readonly tookMs: number };
  /** The emulator's number of the request, to look up what was sent and answered. */
  readonly request?: number;
}

/** What the library concluded. */
export interface OutcomeEntry {
  readonly kind: 'outcome';
  readonly outcome: 'closed' | Outcome;
  readonly attempts: number;
  readonly confirmedBy?: 'reply' | 'query';
  readonly alreadyClosed?: boolean;
  /** What the error says, where it is one. */
  readonly message?: string;
}

/** The shop's handler was told how the order ended. */
export interface SettledEntry {
  readonly kind: 'settled';
  readonly state: Settlement['state'];
}

/** WeChat Pay told of the payment, proven by its signature. */
export interface NotifiedEntry {
  readonly kind: 'notified';
  readonly ghost: boolean;
}

/** The shop closed the order in its own book and did not ask WeChat Pay. */
export interface DroppedEntry {
  readonly kind: 'dropped';
}

/** The order changed at WeChat Pay; the first change is its placement. */
export interface ChangeEntry {
  readonly kind: 'change';
  readonly state: string;
}

/** What can be written down of an order. */
export type TimelineFact = CallEntry | AttemptEntry | OutcomeEntry | SettledEntry | NotifiedEntry | DroppedEntry;

/** One line of an order's timeline. */
export type TimelineEntry = (TimelineFact | ChangeEntry) & {
  /** Unlike any other of the order. */
  readonly key: string;
  /** In milliseconds since 1970. */
  readonly at: number;
};
