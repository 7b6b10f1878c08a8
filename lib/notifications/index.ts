export { WechatPayNotificationsModule } from './wechat-pay-notifications.module.js';
export type { WechatPayNotificationsModuleOptions } from './wechat-pay-notifications.module.js';
export { WechatPayNotifications } from './wechat-pay-notifications.js';
export type { NotificationContext, ReceivedNotification } from './received-notification.js';

export { NotificationEndpoint } from './http/notification-endpoint.decorator.js';
export type { NotificationEndpointOptions } from './http/notification-endpoint.options.js';
export { PaymentNotification } from './http/payment-notification.decorator.js';
export { RawBodyMissingError } from './http/raw-body.js';
export { WechatPayNotificationGuard } from './http/wechat-pay-notification.guard.js';

export { NotificationRefusedError } from './notification-refused.error.js';
export type { NotificationRefusal } from './notification-refused.error.js';
export type {
  ApiV2Payment,
  CombinePayment,
  DirectPayment,
  PartnerPayment,
  ProvenPayment,
} from './payment-notification.js';
export {
  combineTransactionSchema,
  directTransactionSchema,
  partnerTransactionSchema,
} from './v3/transaction.schema.js';
export type { CombineTransaction, DirectTransaction, PartnerTransaction } from './v3/transaction.schema.js';
export { v2PaymentSchema } from './v2/v2-payment.schema.js';
export type { V2Payment } from './v2/v2-payment.schema.js';

export { ClosedOrderBook } from './ghosts/closed-order-book.js';
export type { ClosedOrderBookProvider } from './ghosts/closed-order-book.provider.js';
export { MemoryClosedOrders } from './ghosts/memory-closed-orders.js';
