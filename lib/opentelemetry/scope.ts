import { VERSION } from '../wechat-pay.constants.js';

/** The instrumentation scope of all spans and metrics: the package. */
export const SCOPE = { name: 'nestjs-wechatpay', version: VERSION } as const;
