import { VERSION } from '../wechat-pay.constants.js';

const USER_AGENT = `nestjs-wechatpay/${VERSION} node/${process.versions.node}`;

/**
 * What every request says of itself. WeChat Pay refuses one without `User-Agent`; compressed replies are not read.
 *
 * @param accept - which content
 * @returns headers that further ones may be added to
 */
export function baseHeaders(accept: string): Record<string, string> {
  return { 'User-Agent': USER_AGENT, 'Accept-Encoding': 'identity', Accept: accept };
}
