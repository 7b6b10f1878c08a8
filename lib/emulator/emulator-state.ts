import { CertificateRotation } from './certificates/certificate-rotation.js';
import { SeenNonces } from './checks/seen-nonces.js';
import { EmulatorClock } from './emulator-clock.js';
import type { UnknownOrder } from './emulator.options.js';
import { FaultBook } from './faults/fault-book.js';
import type { EmulatorKeys } from './keys/emulator-keys.js';
import type { MerchantBook } from './merchants/merchant-book.js';
import { EmulatorNotifications } from './notifications/emulator-notifications.js';
import { OrderBook } from './orders/order-book.js';
import { Rewrites } from './rewrites.js';
import type { EmulatorScheme } from './signing/emulator-scheme.js';
import { RequestLog } from './wire/request-log.js';

/** All that one emulated WeChat Pay knows. */
export class EmulatorState {
  readonly orders = new OrderBook((order) => this.notifications.begin(order));
  readonly requests = new RequestLog();
  readonly nonces = new SeenNonces();
  readonly rewrites = new Rewrites();
  readonly faults = new FaultBook();
  readonly clock = new EmulatorClock(() => this.notifications.pump());
  readonly certificates: CertificateRotation;
  readonly notifications: EmulatorNotifications;

  /**
   * @param keys - WeChat Pay's own keys
   * @param merchants - the merchants it knows
   * @param unknownOrder - how closing an order that was never placed is answered
   * @param schemes - the APIv3 schemes that it speaks besides RSA
   * @param notifyUrl - where payments are notified of orders that name no `notify_url`
   */
  constructor(
    readonly keys: EmulatorKeys,
    readonly merchants: MerchantBook,
    readonly unknownOrder: UnknownOrder,
    readonly schemes: readonly EmulatorScheme[] = [],
    readonly notifyUrl?: string,
  ) {
    this.certificates = new CertificateRotation(keys);
    this.notifications = new EmulatorNotifications(this);
  }

  /**
   * Forgets orders, notifications, requests, nonces, rewrites, faults and rotations and puts the clock right. Keys and merchants stay.
   */
  reset(): void {
    this.orders.clear();
    this.requests.clear();
    this.nonces.clear();
    this.rewrites.clear();
    this.faults.reset();
    this.notifications.clear();
    this.clock.reset();
    this.certificates.reset();
  }
}
