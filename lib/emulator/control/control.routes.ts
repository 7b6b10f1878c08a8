import { z } from 'zod';

import type { PublicKeyStage, RotateOptions } from '../certificates/certificate-rotation.js';
import type { EmulatorClock } from '../emulator-clock.js';
import { EmulatorControlError } from '../emulator-control.error.js';
import type { EmulatorCredentials } from '../emulator-credentials.js';
import type { EmulatorFaults } from '../faults/emulator-faults.js';
import type { EmulatorNotifications } from '../notifications/emulator-notifications.js';
import { sentView } from '../notifications/sent-notification.js';
import type { EmulatorOrder } from '../orders/emulator-order.js';
import type { EmulatorRequest } from '../wire/emulator-request.js';

import { requestView } from './request-view.js';

/** What can be controlled over HTTP. */
export interface Controlled {
  readonly orders: readonly EmulatorOrder[];
  readonly requests: readonly EmulatorRequest[];
  readonly clock: EmulatorClock;
  readonly credentials: EmulatorCredentials;
  readonly faults: EmulatorFaults;
  readonly notifications: EmulatorNotifications;
  /** Places an order that is not checked yet. */
  placeUnchecked(order: unknown): EmulatorOrder;
  order(id: string): EmulatorOrder | undefined;
  pay(id: string): EmulatorOrder;
  refund(id: string): EmulatorOrder;
  startPaying(id: string): EmulatorOrder;
  rotateCertificate(options: RotateOptions): { readonly serial: string; readonly certificate: string };
  retireCertificates(): void;
  publicKeyStage: PublicKeyStage;
  reset(): void;
}

/** One call of the control API. */
export interface ControlRoute {
  readonly method: 'DELETE' | 'GET' | 'POST';
  /** Its group, if it has one, is the id of an order or a fault. */
  readonly path: RegExp;
  readonly handle: (
    emulator: Controlled,
    id: string,
    body: unknown,
  ) => { readonly status: number; readonly value: unknown };
}

const clockBody = z.union([
  z.strictObject({ now: z.union([z.number(), z.iso.datetime({ offset: true })]) }),
  z.strictObject({ advanceMs: z.number() }),
  z.strictObject({ reset: z.literal(true) }),
]);

function setClock(clock: EmulatorClock, body: unknown): void {
  const checked = clockBody.safeParse(body);
  if (!checked.success) {
    throw new EmulatorControlError(
      'The clock takes one of { "now": milliseconds or ISO time }, { "advanceMs": milliseconds } and { "reset": true }.',
    );
  }
  const { data } = checked;
  if ('now' in data) clock.set(new Date(data.now));
  else if ('advanceMs' in data) clock.advance(data.advanceMs);
  else clock.reset();
}

const seedBody = z.strictObject({ seed: z.int() });

function seedFaults(faults: EmulatorFaults, body: unknown): void {
  const checked = seedBody.safeParse(body);
  if (!checked.success) throw new EmulatorControlError('The seed takes { "seed": integer }.');
  faults.seed(checked.data.seed);
}

const rotateBody = z.strictObject({ signs: z.enum(['new', 'old', 'both']).optional() });

function rotate(emulator: Controlled, body: unknown): { readonly serialNo: string; readonly certificate: string } {
  const checked = rotateBody.safeParse(body ?? {});
  if (!checked.success) throw new EmulatorControlError('A rotation takes { "signs": "new", "old" or "both" }.');
  const { serial, certificate } = emulator.rotateCertificate(checked.data);
  return { serialNo: serial, certificate };
}

const stageBody = z.strictObject({ stage: z.enum(['notStarted', 'started', 'finished']) });

function setStage(emulator: Controlled, body: unknown): void {
  const checked = stageBody.safeParse(body);
  if (!checked.success) {
    throw new EmulatorControlError('The public key takes { "stage": "notStarted", "started" or "finished" }.');
  }
  emulator.publicKeyStage = checked.data.stage;
}

function ok(value: unknown, status = 200): { readonly status: number; readonly value: unknown } {
  return { status, value };
}

function knownOrder(emulator: Controlled, id: string): EmulatorOrder {
  const order = emulator.order(id);
  if (order === undefined) throw new EmulatorControlError(`There is no order ${id}.`);
  return order;
}

/** The control API. */
export const controlRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: /^\/emulator\/orders$/,
    handle: ({ orders }) => ok({ orders }),
  },
  {
    method: 'POST',
    path: /^\/emulator\/orders$/,
    handle: (emulator, _id, body) => ok(emulator.placeUnchecked(body), 201),
  },
  {
    method: 'GET',
    path: /^\/emulator\/orders\/([^/]+)$/,
    handle: (emulator, id) => ok(knownOrder(emulator, id)),
  },
  {
    method: 'POST',
    path: /^\/emulator\/orders\/([^/]+)\/pay$/,
    handle: (emulator, id) => ok(emulator.pay(id)),
  },
  {
    method: 'POST',
    path: /^\/emulator\/orders\/([^/]+)\/refund$/,
    handle: (emulator, id) => ok(emulator.refund(id)),
  },
  {
    method: 'POST',
    path: /^\/emulator\/orders\/([^/]+)\/start-paying$/,
    handle: (emulator, id) => ok(emulator.startPaying(id)),
  },
  {
    method: 'GET',
    path: /^\/emulator\/requests$/,
    handle: ({ requests }) => ok({ requests: requests.map(requestView) }),
  },
  {
    method: 'GET',
    path: /^\/emulator\/notifications$/,
    handle: ({ notifications: { sent, waiting } }) => ok({ sent: sent.map(sentView), waiting }),
  },
  {
    method: 'POST',
    path: /^\/emulator\/clock$/,
    handle: ({ clock }, _id, body) => {
      setClock(clock, body);
      return ok({ now: clock.now() });
    },
  },
  {
    method: 'GET',
    path: /^\/emulator\/faults$/,
    handle: ({ faults }) => ok({ faults: faults.all() }),
  },
  {
    method: 'POST',
    path: /^\/emulator\/faults$/,
    handle: ({ faults }, _id, body) => ok(faults.addUnchecked(body), 201),
  },
  {
    method: 'DELETE',
    path: /^\/emulator\/faults$/,
    handle: ({ faults }) => {
      faults.clear();
      return ok({});
    },
  },
  {
    method: 'DELETE',
    path: /^\/emulator\/faults\/([^/]+)$/,
    handle: ({ faults }, id) => {
      faults.remove(id);
      return ok({});
    },
  },
  {
    method: 'POST',
    path: /^\/emulator\/fault-seed$/,
    handle: ({ faults }, _id, body) => {
      seedFaults(faults, body);
      return ok({});
    },
  },
  {
    method: 'GET',
    path: /^\/emulator\/credentials$/,
    handle: ({ credentials }) => ok(credentials),
  },
  {
    method: 'POST',
    path: /^\/emulator\/certificates\/rotate$/,
    handle: (emulator, _id, body) => ok(rotate(emulator, body), 201),
  },
  {
    method: 'POST',
    path: /^\/emulator\/certificates\/retire$/,
    handle: (emulator) => {
      emulator.retireCertificates();
      return ok({});
    },
  },
  {
    method: 'POST',
    path: /^\/emulator\/public-key$/,
    handle: (emulator, _id, body) => {
      setStage(emulator, body);
      return ok({ stage: emulator.publicKeyStage });
    },
  },
  {
    method: 'POST',
    path: /^\/emulator\/reset$/,
    handle: (emulator) => {
      emulator.reset();
      return ok({});
    },
  },
];
