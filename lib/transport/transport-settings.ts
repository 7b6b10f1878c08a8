import { BACKUP_HOSTS, DEFAULT_ATTEMPT_MS, DEFAULT_CONNECT_MS, DEFAULT_HOSTS } from '../wechat-pay.constants.js';
import type { WechatPayModuleOptions } from '../wechat-pay.options.js';

/** Which of WeChat Pay's hosts an endpoint is served by. */
export type HostRole = keyof typeof DEFAULT_HOSTS;

/** Origins: scheme, host and port, without a slash at the end. */
export interface HostPair {
  readonly usual: string;
  /** Absent where failover is off. */
  readonly backup?: string | undefined;
}

/** Where requests go, and for how long. */
export class TransportSettings {
  /** Wall-clock limit of one attempt, in milliseconds. */
  readonly attemptMs: number;
  /** Wall-clock limit of connecting, in milliseconds. */
  readonly connectMs: number;
  readonly #hosts: Readonly<Record<HostRole, HostPair>>;
  readonly #proxy: URL | undefined;

  /** @param options - checked */
  constructor({
    hosts,
    failover,
    timeouts,
    proxy,
  }: Pick<WechatPayModuleOptions, 'hosts' | 'failover' | 'timeouts' | 'proxy'>) {
    this.attemptMs = timeouts?.attemptMs ?? DEFAULT_ATTEMPT_MS;
    this.connectMs = timeouts?.connectMs ?? DEFAULT_CONNECT_MS;
    this.#proxy = proxy === undefined ? undefined : new URL(proxy);
    const pairOf = (role: HostRole): HostPair => {
      const usual = new URL(hosts?.[role] ?? DEFAULT_HOSTS[role]).origin;
      if (failover === undefined || failover === false) return { usual };
      const backup = (failover === true ? undefined : failover[role]) ?? BACKUP_HOSTS[role];
      return { usual, backup: new URL(backup).origin };
    };
    this.#hosts = { mainland: pairOf('mainland'), overseas: pairOf('overseas') };
  }

  /** The usual host of a role, and the one that takes over. */
  hostsOf(role: HostRole): HostPair {
    return this.#hosts[role];
  }

  /** The proxy that every request goes through. It may hold a password, so it is not printed with the settings. */
  get proxy(): URL | undefined {
    return this.#proxy;
  }
}
