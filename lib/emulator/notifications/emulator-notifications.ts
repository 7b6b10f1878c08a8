import { EmulatorControlError } from '../emulator-control.error.js';
import type { EmulatorState } from '../emulator-state.js';
import { randomDigits } from '../keys/random-text.js';
import type { EmulatorOrder } from '../orders/emulator-order.js';

import type { NotificationChanges, NotificationMessage } from './notification-changes.js';
import { isOwnMachine, type NotifyTarget } from './notify-target.js';
import { isSuccess, postNotification } from './post-notification.js';
import { RETRY_INTERVALS } from './retry-intervals.js';
import type { SentNotification, WaitingNotification } from './sent-notification.js';
import { v2Notification } from './v2-notification.js';
import { v3Notification, v3Words } from './v3-notification.js';

const MOST_SENT = 10_000;
const LONGEST_TIMER_MS = 2_147_483_647;

interface Waiting extends WaitingNotification {
  readonly order: EmulatorOrder;
}

/** What the sender looks at. */
type Known = Pick<EmulatorState, 'clock' | 'merchants' | 'keys' | 'certificates'>;

/**
 * Tells shops of payments, as WeChat Pay does: at once when an order is paid that was placed with a `notify_url`, and again at
 * WeChat Pay's intervals, by the emulator's clock, until the shop answers with success. Nothing is sent to another machine.
 */
export class EmulatorNotifications {
  readonly #sent: SentNotification[] = [];
  /** A notification's number and words stay the same when it is sent again. */
  readonly #told = new WeakMap<EmulatorOrder, { readonly id: string; readonly words: string }>();
  readonly #running = new Set<Promise<unknown>>();
  #waiting: readonly Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;
  #end = new AbortController();

  /**
   * How many of WeChat Pay's probes, whose signature is wrong on purpose, come before the first notification of an order.
   */
  probes = 0;
  /** Which of WeChat Pay's keys signs; by default the public key, unless nobody has moved to it yet. */
  signsWith: 'publicKey' | 'certificate' | undefined;
  /** What is wrong with every notification that is sent by itself. */
  changes: NotificationChanges = {};

  /** @param known - keys, merchants and the clock */
  constructor(private readonly known: Known) {}

  /** The latest 10,000 that were sent, oldest first. */
  get sent(): readonly SentNotification[] {
    return this.#sent;
  }

  /** Those that will be sent, unless the shop answers with success before. */
  get waiting(): readonly WaitingNotification[] {
    return this.#waiting.map(({ orderId, url, attempt, dueAt }) => ({ orderId, url, attempt, dueAt }));
  }

  /**
   * Makes a notification and sends nothing.
   *
   * @param order - a paid one
   * @param changes - how it differs from the right one; by default not at all
   * @param target - in which form; by default as the order was placed, or in APIv3's
   * @throws {@link EmulatorControlError} if the order is not paid
   */
  make(order: EmulatorOrder, changes: NotificationChanges = {}, target?: Partial<NotifyTarget>): NotificationMessage {
    if (!order.isPaid) throw new EmulatorControlError(`Order ${order.id} is ${order.state}: there is nothing to tell.`);
    const merchant = this.known.merchants.find(order.mchid);
    if (merchant === undefined) throw new EmulatorControlError(`The emulator has no merchant ${order.mchid}.`);
    const { api = 'v3', signType = 'HMAC-SHA256' } = { ...order.details.notify, ...target };
    if (api === 'v2') return v2Notification({ order, apiV2Key: merchant.apiV2Key, signType }, changes);
    const told = this.#told.get(order) ?? { id: `EV-${randomDigits(24)}`, words: v3Words(order) };
    this.#told.set(order, told);
    const { apiV3Key } = merchant;
    return v3Notification({ ...told, apiV3Key, key: this.#key(), now: this.known.clock.now() }, changes);
  }

  /**
   * Sends a notification now and once.
   *
   * @param order - a paid one
   * @param changes - how it differs from the right one; by default not at all
   * @returns what came of it
   * @throws {@link EmulatorControlError} if the order is not paid, or has no `notify_url` on this machine
   */
  async send(order: EmulatorOrder, changes: NotificationChanges = {}): Promise<SentNotification> {
    const { notify } = order.details;
    if (notify === undefined || !isOwnMachine(notify.url)) {
      throw new EmulatorControlError(`Order ${order.id} was placed without a notify_url on this machine.`);
    }
    return this.#post(order, notify, this.make(order, changes), 0, changes.fault);
  }

  /**
   * Sends the very bytes of a notification a second time, as nobody but an attacker does.
   *
   * @param sent - one that was sent
   */
  async repeat({ orderId, url, api, headers, body, at }: SentNotification): Promise<SentNotification> {
    return this.#note({ orderId, url, api, headers, body, at }, 0);
  }

  /** Waits until everything that is due has been sent and answered. */
  async settled(): Promise<void> {
    this.pump();
    while (this.#running.size > 0) {
      // oxlint-disable-next-line no-await-in-loop -- what has ended may have begun another
      await Promise.all(this.#running);
    }
  }

  /**
   * Begins to tell of an order that was just paid.
   *
   * @param order - the order
   */
  begin(order: EmulatorOrder): void {
    const { notify } = order.details;
    if (notify === undefined || !isOwnMachine(notify.url)) return;
    this.#wait(order, notify.url, 1, this.known.clock.now());
  }

  /** Sends what is due; called whenever the clock was set. */
  pump(): void {
    const now = this.known.clock.now();
    const due = this.#waiting.filter(({ dueAt }) => dueAt <= now);
    this.#waiting = this.#waiting.filter(({ dueAt }) => dueAt > now);
    for (const { order, attempt } of due) {
      const running: Promise<void> = this.#deliver(order, attempt).finally(() => this.#running.delete(running));
      this.#running.add(running);
    }
    this.#arm(now);
  }

  /** Forgets everything, and ends what is under way. */
  clear(): void {
    this.#end.abort();
    this.#end = new AbortController();
    clearTimeout(this.#timer);
    this.#waiting = [];
    this.#sent.length = 0;
    this.probes = 0;
    this.signsWith = undefined;
    this.changes = {};
  }

  async #deliver(order: EmulatorOrder, attempt: number): Promise<void> {
    const { notify } = order.details;
    if (notify === undefined) return;
    const { signal } = this.#end;
    const probes = attempt === 1 ? this.probes : 0;
    for (let probe = 0; probe < probes; probe++) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as WeChat Pay does
      await this.#post(order, notify, this.make(order, { fault: 'signTest' }), 0, 'signTest');
    }
    const { accepted } = await this.#post(order, notify, this.make(order, this.changes), attempt, this.changes.fault);
    const interval = RETRY_INTERVALS[attempt - 1];
    if (!accepted && interval !== undefined && !signal.aborted) {
      this.#wait(order, notify.url, attempt + 1, this.known.clock.now() + interval);
    }
  }

  #post(
    order: EmulatorOrder,
    { url, api }: NotifyTarget,
    message: NotificationMessage,
    attempt: number,
    fault: NotificationChanges['fault'],
  ): Promise<SentNotification> {
    return this.#note({ ...message, orderId: order.id, url, api, at: this.known.clock.now(), fault }, attempt);
  }

  async #note(
    message: Omit<SentNotification, 'attempt' | 'accepted' | 'answer' | 'failure'>,
    attempt: number,
  ): Promise<SentNotification> {
    const { signal } = this.#end;
    const came = await postNotification(message.url, message, signal);
    const outcome =
      'failure' in came ? { ...came, accepted: false } : { answer: came, accepted: isSuccess(came, message.api) };
    const sent = { ...message, attempt, ...outcome };
    if (signal.aborted) return sent;
    this.#sent.push(sent);
    if (this.#sent.length > MOST_SENT) this.#sent.shift();
    return sent;
  }

  #wait(order: EmulatorOrder, url: string, attempt: number, dueAt: number): void {
    this.#waiting = [...this.#waiting, { order, orderId: order.id, url, attempt, dueAt }];
    this.pump();
  }

  #arm(now: number): void {
    clearTimeout(this.#timer);
    const next = Math.min(...this.#waiting.map(({ dueAt }) => dueAt));
    if (next === Infinity) return;
    // It does not keep a process alive: a test that ends has seen what it wanted.
    this.#timer = setTimeout(() => this.pump(), Math.min(next - now, LONGEST_TIMER_MS)).unref();
  }

  #key() {
    const { keys, certificates } = this.known;
    const which = this.signsWith ?? (certificates.stage === 'notStarted' ? 'certificate' : 'publicKey');
    return which === 'publicKey' ? keys.publicKey : certificates.replyKey(undefined);
  }
}
