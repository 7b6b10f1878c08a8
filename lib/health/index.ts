export { WechatPayHealthIndicator } from './wechat-pay-health.indicator.js';
export type { HealthDetails } from './health-details.js';
