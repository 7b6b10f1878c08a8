import type { PublicKeyStage, RotateOptions } from './certificates/certificate-rotation.js';
import type { EmulatorClock } from './emulator-clock.js';
import { EmulatorControlError } from './emulator-control.error.js';
import { credentialsOf } from './emulator-credentials.js';
import type { EmulatorCredentials } from './emulator-credentials.js';
import { answerRequest } from './emulator-server.js';
import { EmulatorState } from './emulator-state.js';
import { DEFAULT_MERCHANT } from './emulator.options.js';
import type { EmulatorOptions } from './emulator.options.js';
import type { EmulatorFaults } from './faults/emulator-faults.js';
import { EmulatorKeys } from './keys/emulator-keys.js';
import type { PlatformKey } from './keys/emulator-keys.js';
import { MerchantBook } from './merchants/merchant-book.js';
import { moduleOptions } from './module-options.js';
import type { BelievedKeys, EmulatedModuleOptions } from './module-options.js';
import type { EmulatorNotifications } from './notifications/emulator-notifications.js';
import type { EmulatorOrder } from './orders/emulator-order.js';
import { orderDetails } from './orders/order-placement.js';
import type { PlaceOrder } from './orders/place-order.js';
import type { AnswerRewrite, ReplyRewrite } from './rewrites.js';
import type { EmulatorRequest } from './wire/emulator-request.js';
import { HttpListener } from './wire/http-listener.js';

/**
 * A WeChat Pay that runs in this process: it checks signatures, keeps orders and signs its replies as WeChat Pay does,
 * over plain HTTP, for SDKs of any language.
 *
 * @example
 * const emulator = await WechatPayEmulator.start();
 * const order = emulator.place({ out_trade_no: 'A1000001' });
 * emulator.pay(order);
 * await emulator.stop();
 */
export class WechatPayEmulator {
  readonly #state: EmulatorState;
  readonly #listener: HttpListener;
  /** The emulator's origin, such as `http://127.0.0.1:8080`. */
  readonly url: string;

  private constructor(state: EmulatorState, listener: HttpListener) {
    this.#state = state;
    this.#listener = listener;
    this.url = listener.url;
  }

  /**
   * Starts an emulator.
   *
   * @param options - all of them may be left out
   * @throws TypeError if the merchants or keys are of no use; an error of the system if the port cannot be had
   */
  static async start(options: EmulatorOptions = {}): Promise<WechatPayEmulator> {
    const { port = 0, host = '127.0.0.1', merchants = [DEFAULT_MERCHANT], unknownOrder = 'notFound' } = options;
    const keys = options.keys ?? EmulatorKeys.generate();
    const state = new EmulatorState(
      keys,
      new MerchantBook(merchants, keys),
      unknownOrder,
      options.schemes,
      options.notifyUrl,
    );
    const listener = await HttpListener.start(host, port, (incoming, response) =>
      answerRequest(incoming, response, state, emulator),
    );
    const emulator = new WechatPayEmulator(state, listener);
    return emulator;
  }

  /** WeChat Pay's own keys, private halves included: to sign as it does, or to share with another emulator. */
  get keys(): EmulatorKeys {
    return this.#state.keys;
  }

  /** The clock that requests are checked and replies are signed by. */
  get clock(): EmulatorClock {
    return this.#state.clock;
  }

  /** What WeChat Pay does wrong on purpose. */
  get faults(): EmulatorFaults {
    return this.#state.faults;
  }

  /** What shops are told of payments, see `notify_url` of {@link PlaceOrder}. */
  get notifications(): EmulatorNotifications {
    return this.#state.notifications;
  }

  /** What SDKs of any language need to talk to the emulator. */
  get credentials(): EmulatorCredentials {
    return credentialsOf(this.#state, this.url);
  }

  /** All orders, oldest first. */
  get orders(): readonly EmulatorOrder[] {
    return this.#state.orders.all();
  }

  /** The latest 10,000 requests to WeChat Pay, oldest first. Control requests are not among them. */
  get requests(): readonly EmulatorRequest[] {
    return this.#state.requests.all();
  }

  /**
   * Options for `WechatPayModule.forRoot`: all merchants with their keys, and hosts that point here.
   *
   * @param use - which of WeChat Pay's keys the client shall believe
   */
  options(use: BelievedKeys = 'publicKey'): EmulatedModuleOptions {
    return moduleOptions(this.credentials, use);
  }

  /**
   * Places an order.
   *
   * @param order - what is left out is filled in
   * @throws {@link EmulatorControlError} if it is malformed or already there, or its merchants are unknown
   */
  place(order: PlaceOrder): EmulatorOrder {
    return this.placeUnchecked(order);
  }

  /**
   * Places an order that comes from outside.
   *
   * @param order - a {@link PlaceOrder}, not checked yet
   * @throws {@link EmulatorControlError} as {@link place} does
   */
  placeUnchecked(order: unknown): EmulatorOrder {
    return this.#state.orders.place(
      orderDetails(order, this.#state.merchants, this.#state.notifyUrl),
      this.clock.now(),
    );
  }

  /**
   * One order.
   *
   * @param id - the emulator's own (`order-1`), or the merchant's number if only one order has it
   */
  order(id: string): EmulatorOrder | undefined {
    return this.#state.orders.lookUp(id);
  }

  /**
   * The buyer pays an order.
   *
   * @param order - the order, or its id as {@link order} takes it
   * @throws {@link EmulatorControlError} if it is unknown or cannot be paid
   */
  pay(order: EmulatorOrder | string): EmulatorOrder {
    return this.#change(order, (known) => known.pay(this.clock.now()));
  }

  /**
   * The merchant gives the money for an order back.
   *
   * @param order - the order, or its id as {@link order} takes it
   * @throws {@link EmulatorControlError} if it is unknown or not paid
   */
  refund(order: EmulatorOrder | string): EmulatorOrder {
    return this.#change(order, (known) => known.refund(this.clock.now()));
  }

  /**
   * The buyer begins to type the password: the order is USERPAYING until it is paid.
   *
   * @param order - the order, or its id as {@link order} takes it
   * @throws {@link EmulatorControlError} if it is unknown or does not wait for payment
   */
  startPaying(order: EmulatorOrder | string): EmulatorOrder {
    return this.#change(order, (known) => known.startPaying(this.clock.now()));
  }

  /**
   * Changes answers before they are signed. Answers that WeChat Pay does not sign are left alone.
   *
   * @param rewrite - returns another answer, or nothing to leave it
   * @returns undoes it
   */
  beforeSigning(rewrite: AnswerRewrite): () => void {
    return this.#state.rewrites.addBeforeSigning(rewrite);
  }

  /**
   * Changes finished replies, delays them by a promise, or drops the connection.
   *
   * @param rewrite - returns another reply, `'drop'`, or nothing to leave it
   * @returns undoes it
   */
  afterSigning(rewrite: ReplyRewrite): () => void {
    return this.#state.rewrites.addAfterSigning(rewrite);
  }

  /**
   * Changes the platform certificate for a new one: both are in the list, and the new one signs, unless `signs` says otherwise.
   *
   * @param options - all of them may be left out
   * @returns the new certificate
   * @throws {@link EmulatorControlError} if the certificate is listed already
   */
  rotateCertificate(options: RotateOptions = {}): PlatformKey {
    return this.#state.certificates.rotate(options);
  }

  /** Ends a rotation: only the newest certificate stays in the list, and it signs. */
  retireCertificates(): void {
    this.#state.certificates.retire();
  }

  /** How far the move from certificates to the public key is; `started` at first. */
  get publicKeyStage(): PublicKeyStage {
    return this.#state.certificates.stage;
  }

  set publicKeyStage(stage: PublicKeyStage) {
    this.#state.certificates.stage = stage;
  }

  /** Forgets orders, notifications, requests, nonces, rewrites, faults and rotations and puts the clock right. Keys and merchants stay. */
  reset(): void {
    this.#state.reset();
  }

  /** Stops listening and cuts all connections. It may be called more than once. */
  async stop(): Promise<void> {
    this.#state.notifications.clear();
    await this.#listener.stop();
  }

  #change(order: EmulatorOrder | string, change: (order: EmulatorOrder) => void): EmulatorOrder {
    if (typeof order !== 'string') {
      change(order);
      return order;
    }
    const known = this.order(order);
    if (known === undefined) throw new EmulatorControlError(`There is no order ${order}.`);
    return this.#change(known, change);
  }
}
