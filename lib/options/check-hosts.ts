import { WECHAT_PAY_HOSTS } from '../wechat-pay.constants.js';
import type { WechatPayModuleOptions } from '../wechat-pay.options.js';
import { kindOf } from './kind-of.js';
import type { OptionReport } from './option-report.js';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * Checks where requests go: WeChat Pay's hosts over https, this machine over either, or with `allowOtherHosts` any other
 * host over https.
 *
 * @param options - as the application gave them
 * @param report - takes every fault
 */
export function checkHosts(options: WechatPayModuleOptions, report: OptionReport): void {
  const { hosts } = options;
  const allowOtherHosts: unknown = options.allowOtherHosts;
  if (hosts === undefined) return;
  if (typeof hosts !== 'object' || hosts === null) {
    report.at('hosts').fault(`is ${kindOf(hosts)}; give { mainland?, overseas? }`);
    return;
  }
  report.at('hosts').refuseUnknown(hosts, ['mainland', 'overseas']);
  for (const role of ['mainland', 'overseas'] as const) {
    const origin: unknown = hosts[role];
    if (origin !== undefined) checkOrigin(origin, allowOtherHosts === true, report.at('hosts').at(role));
  }
}

function checkOrigin(origin: unknown, allowOtherHosts: boolean, report: OptionReport): void {
  const url = typeof origin === 'string' && URL.canParse(origin) ? new URL(origin) : undefined;
  if (url === undefined) {
    report.fault('is not a URL; give an origin such as https://api.mch.weixin.qq.com');
  } else if (
    url.username !== '' ||
    url.password !== '' ||
    url.pathname !== '/' ||
    url.search !== '' ||
    url.hash !== ''
  ) {
    report.fault('has more than scheme, host and port; leave out user, path, query and fragment');
  } else if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
    report.fault(`uses ${url.protocol}//; only https is safe outside this machine`);
  } else if (!WECHAT_PAY_HOSTS.has(url.host) && !LOOPBACK.test(url.hostname) && !allowOtherHosts) {
    report.fault(
      `is not one of WeChat Pay's hosts (${[...WECHAT_PAY_HOSTS].join(', ')}); if it is your own gateway, set allowOtherHosts: true`,
    );
  }
}
