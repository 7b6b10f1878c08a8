import type { WechatPayModuleOptions } from '../wechat-pay.options.js';
import type { OptionReport } from './option-report.js';

/**
 * Checks the proxy. Its URL is never repeated, since it may hold a password.
 *
 * @param options - as the application gave them
 * @param report - takes every fault
 */
export function checkProxy({ proxy }: WechatPayModuleOptions, report: OptionReport): void {
  if (proxy === undefined) return;
  const url = typeof proxy === 'string' && URL.canParse(proxy) ? new URL(proxy) : undefined;
  if (url === undefined || url.hostname === '') {
    report.at('proxy').fault('is not a URL; give one such as http://proxy.example:3128');
  } else if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    report.at('proxy').fault(`uses ${url.protocol}; only http: and https: proxies are supported`);
  } else if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    report.at('proxy').fault('has more than scheme, user, password, host and port; leave out path, query and fragment');
  } else if (!isDecodable(url.username) || !isDecodable(url.password)) {
    report.at('proxy').fault('has a user or password that is not percent-encoded; use encodeURIComponent for each');
  }
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
