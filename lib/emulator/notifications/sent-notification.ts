import type { NotificationChanges, NotificationMessage } from './notification-changes.js';
import type { ShopAnswer } from './post-notification.js';

/** One notification that was sent, and what came of it. */
export interface SentNotification extends NotificationMessage {
  /** The emulator's own id of the order. */
  readonly orderId: string;
  readonly url: string;
  readonly api: 'v2' | 'v3';
  /** 1 for the first; 0 for a probe, and for what was sent by hand. */
  readonly attempt: number;
  /** When it was sent, in milliseconds since 1970 by the emulator's clock. */
  readonly at: number;
  readonly fault?: NotificationChanges['fault'];
  /** What the shop answered; absent where it did not. */
  readonly answer?: ShopAnswer | undefined;
  /** Why there was no answer. */
  readonly failure?: string | undefined;
  /** Whether the answer was success, so that WeChat Pay does not send it again. */
  readonly accepted: boolean;
}

/** A notification that will be sent. */
export interface WaitingNotification {
  readonly orderId: string;
  readonly url: string;
  /** 1 for the first. */
  readonly attempt: number;
  /** When, in milliseconds since 1970 by the emulator's clock. */
  readonly dueAt: number;
}

/** A sent notification as the control API shows it: the body as text. */
export function sentView(sent: SentNotification): Record<string, unknown> {
  return { ...sent, body: sent.body.toString() };
}
