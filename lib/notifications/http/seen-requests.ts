import { apiOf } from '../notification-api.js';
import type { PaymentNotification } from '../payment-notification.js';
import type { HttpRequest } from './raw-body.js';

/** What the guard proved, by request. Nothing that a request brings can put itself here. */
const proven = new WeakMap<object, PaymentNotification>();

/** Notes what a request proved to tell. */
export function noteProven(request: HttpRequest, notification: PaymentNotification): void {
  proven.set(request, notification);
}

/** What the guard proved of a request; nothing where it did not run, or refused. */
export function provenOf(request: HttpRequest): PaymentNotification | undefined {
  return proven.get(request);
}

/** Whose form an answer to this request must have. */
export function apiOfRequest({ rawBody }: HttpRequest): 'v2' | 'v3' {
  return rawBody instanceof Uint8Array ? apiOf(rawBody) : 'v3';
}
