import { DEFAULT_ATTEMPT_MS, DEFAULT_CONNECT_MS, DEFAULT_HOSTS } from '../wechat-pay.constants.js';
import type { WechatPayModuleOptions } from '../wechat-pay.options.js';

/** Which of WeChat Pay's hosts an endpoint is served by. */
export type HostRole = keyof typeof DEFAULT_HOSTS;

/** Where requests go, and for how long. */
export class TransportSettings {
  /** Wall-clock limit of one attempt, in milliseconds. */
  readonly attemptMs: number;
  /** Wall-clock limit of connecting, in milliseconds. */
  readonly connectMs: number;
  readonly #origins: Readonly<Record<HostRole, string>>;

  /** @param options - checked */
  constructor({ hosts, timeouts }: Pick<WechatPayModuleOptions, 'hosts' | 'timeouts'>) {
    this.attemptMs = timeouts?.attemptMs ?? DEFAULT_ATTEMPT_MS;
    this.connectMs = timeouts?.connectMs ?? DEFAULT_CONNECT_MS;
    this.#origins = {
      mainland: new URL(hosts?.mainland ?? DEFAULT_HOSTS.mainland).origin,
      overseas: new URL(hosts?.overseas ?? DEFAULT_HOSTS.overseas).origin,
    };
  }

  /** The origin of a host: scheme, host and port, without a slash at the end. */
  originOf(role: HostRole): string {
    return this.#origins[role];
  }
}
