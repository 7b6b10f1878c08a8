import { RetryBudget } from '../../../lib/close-order/retry-budget.js';
import { Overhearing } from '../../support/canary.js';
import { Gateway, type HeardRequest } from '../../support/gateway.js';
import { ServerSockets } from '../../support/server-sockets.js';
import { openShop, type TestShop } from '../../support/test-shop.js';
import { until } from '../../support/until.js';

/** What a stage is set up with. */
export interface StageOptions {
  /** The shop's options besides the emulator's. */
  readonly options?: Parameters<typeof openShop>[0];
  /** Whether a gateway, whose bytes can be scripted, stands between the shop and the emulator. */
  readonly gateway?: boolean;
  /** TLS of the gateway. */
  readonly tls?: Parameters<typeof Gateway.start>[1];
  /** What the emulator does besides the usual. */
  readonly emulated?: Parameters<typeof openShop>[1];
  /** The merchant that signs, where there are several. */
  readonly merchant?: string;
  /** What stands in for providers. */
  readonly providers?: Parameters<typeof openShop>[2];
}

/** Deadlines that no row should meet but those about time. */
export const TIMEOUTS = { connectMs: 1_000, attemptMs: 2_000, totalMs: 5_000 };

/** A shop, a WeChat Pay, perhaps a gateway between them, and what is watched. */
export class Stage {
  #numbers = 0;
  readonly #sockets = new ServerSockets();
  readonly #overhearing = new Overhearing();

  private constructor(
    readonly shop: TestShop,
    readonly gateway: Gateway | undefined,
    readonly timeouts: typeof TIMEOUTS,
    readonly merchant: string | undefined,
  ) {}

  /** Sets a stage. */
  static async open({ options, gateway, tls, emulated, merchant, providers }: StageOptions = {}): Promise<Stage> {
    let target = '';
    const door = gateway === true || tls !== undefined ? await Gateway.start(() => target, tls) : undefined;
    const timeouts = { ...TIMEOUTS, ...options?.timeouts };
    const shop = await openShop(
      {
        retry: { attempts: 3, baseMs: 1, maxMs: 2 },
        ...(door && { hosts: { mainland: door.url } }),
        ...options,
        timeouts,
      },
      emulated,
      providers,
    );
    target = shop.emulator.url;
    return new Stage(shop, door, timeouts, merchant);
  }

  /** Takes it down; nothing may be left of its connections. */
  async close(): Promise<void> {
    const port = this.#port;
    await this.shop.app.close();
    await until(() => this.#sockets.at(port).length === 0);
    await this.gateway?.leave();
    await this.shop.emulator.stop();
    this.#sockets.stop();
    this.#overhearing.stop();
  }

  get #port(): number {
    return Number(new URL(this.gateway?.url ?? this.shop.emulator.url).port);
  }

  /** The shop's connections as the other side sees them. */
  get openSockets(): number {
    return this.#sockets.at(this.#port).length;
  }

  /** Everything that was logged or printed. */
  get printed(): string {
    return this.#overhearing.heard.join('\n');
  }

  /** An order number that was not used yet. */
  newNumber(): string {
    return `MATRIX${String(++this.#numbers).padStart(6, '0')}`;
  }

  /** What came over the wire. */
  get requests(): readonly HeardRequest[] {
    return (this.gateway ?? this.shop.emulator).requests;
  }

  /** How many closes and queries came over the wire. */
  get wire(): { closes: number; queries: number } {
    const urls = this.requests.map(({ url }) => url);
    const closes = urls.filter((url) => /close/.test(url)).length;
    return { closes, queries: urls.length - closes };
  }

  /** Takes all faults away, and forgets what was spent and heard. */
  async heal(): Promise<void> {
    this.shop.emulator.reset();
    this.shop.clock.stoppedAt = undefined;
    await this.gateway?.reset();
    const budget = this.shop.app.get(RetryBudget, { strict: false });
    for (let count = 0; count < 100; count++) budget.earn('mainland');
  }

  /** As {@link heal}; no connection is left over from before, so that every row begins with a fresh one. */
  async begin(): Promise<void> {
    await this.#sockets.endAll(this.#port);
    await this.heal();
  }
}
