import { VERSION } from '../wechat-pay.constants.js';

/** What every request says of itself. WeChat Pay refuses one without `User-Agent`; compressed replies are not read. */
export const BASE_HEADERS = {
  'User-Agent': `nestjs-wechatpay/${VERSION} node/${process.versions.node}`,
  'Accept-Encoding': 'identity',
} as const;
