import { DEFAULT_HOSTS, WECHAT_PAY_HOSTS } from '../wechat-pay.constants.js';
import type { WechatPayModuleOptions } from '../wechat-pay.options.js';
import { kindOf } from './kind-of.js';
import type { OptionReport } from './option-report.js';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
const ROLES = ['mainland', 'overseas'] as const;

/**
 * Checks where requests go: WeChat Pay's hosts over https, this machine over either, or with `allowOtherHosts` any other
 * host over https.
 *
 * @param options - as the application gave them
 * @param report - takes every fault
 */
export function checkHosts(options: WechatPayModuleOptions, report: OptionReport): void {
  const { hosts, failover } = options;
  checkOrigins(hosts, options, report.at('hosts'));
  if (typeof failover === 'boolean') {
    if (failover) checkBackups(undefined, options, report);
    return;
  }
  if (failover === undefined) return;
  checkOrigins(failover, options, report.at('failover'));
  if (typeof failover === 'object' && failover !== null) checkBackups(failover, options, report);
}

function checkOrigins(
  origins: WechatPayModuleOptions['hosts'],
  options: WechatPayModuleOptions,
  report: OptionReport,
): void {
  const allowOtherHosts: unknown = options.allowOtherHosts;
  if (origins === undefined) return;
  if (typeof origins !== 'object' || origins === null) {
    report.fault(`is ${kindOf(origins)}; give { mainland?, overseas? }`);
    return;
  }
  report.refuseUnknown(origins, ROLES);
  for (const role of ROLES) {
    const origin: unknown = origins[role];
    if (origin !== undefined) checkOrigin(origin, allowOtherHosts === true, report.at(role));
  }
}

/** WeChat Pay's backup hosts do not back up a host of somebody else. */
function checkBackups(
  backups: WechatPayModuleOptions['hosts'],
  { hosts }: WechatPayModuleOptions,
  report: OptionReport,
): void {
  for (const role of ROLES) {
    const usual: unknown = hosts?.[role];
    const isWechatPays = usual === undefined || (typeof usual === 'string' && originOf(usual) === DEFAULT_HOSTS[role]);
    if (!isWechatPays && backups?.[role] === undefined) {
      report
        .at('failover')
        .fault(`does not say what backs up hosts.${role}; give failover.${role}, or leave out failover`);
    }
  }
}

function originOf(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).origin : undefined;
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
