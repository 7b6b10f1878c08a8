export { AutoCloseTelemetry } from './auto-close-telemetry.js';
export { WechatPayTelemetry } from './wechat-pay-telemetry.js';
export type { WechatPayTelemetryOptions } from './telemetry.options.js';
