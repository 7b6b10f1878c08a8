import { DEFAULT_HOSTS } from '../wechat-pay.constants.js';
import type { WechatPayModuleOptions } from '../wechat-pay.options.js';

/** Which of WeChat Pay's hosts an endpoint is served by. */
export type HostRole = keyof typeof DEFAULT_HOSTS;

/**
 * The origin of a host.
 *
 * @param role - which host
 * @param options - checked options
 * @returns scheme, host and port, without a slash at the end
 */
export function originOf(role: HostRole, options: Pick<WechatPayModuleOptions, 'hosts'>): string {
  return new URL(options.hosts?.[role] ?? DEFAULT_HOSTS[role]).origin;
}
