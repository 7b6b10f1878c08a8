export { ApiCloseOrder } from './api-close-order.decorator.js';
export type { ApiCloseOrderOptions, DocumentedVariant } from './api-close-order.decorator.js';
export { ApiWechatPayProblems } from './api-wechat-pay-problems.decorator.js';
export { closedOrderSchema } from './closed-order.schema.js';
export { openApiSchema } from './open-api-schema.js';
export type { OpenApiSchema } from './open-api-schema.js';
export { wechatPayProblemSchema } from './wechat-pay-problem.schema.js';
