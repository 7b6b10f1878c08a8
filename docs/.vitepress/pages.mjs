// Every page of the site, in the order of the menu: its path, and its title in English and Chinese.

const GUIDE = [
  ['guide/start', 'What it promises', '它承诺什么'],
  ['guide/modules', 'Modules', '模块'],
  ['guide/options', 'Options', '配置项'],
  ['guide/merchants', 'Keys and merchants', '密钥与商户'],
  ['guide/variants', 'The nine variants', '九个关单接口'],
  ['guide/errors', 'Outcomes and errors', '结果与错误'],
  ['guide/retries', 'Retries, confirmation, settle', '重试、确认与 settle'],
  ['guide/auto-close', 'Orders that time out', '超时订单自动关闭'],
  ['guide/notifications', 'Payment notifications', '支付通知'],
  ['guide/bulk', 'Closing in bulk', '批量关单'],
  ['observability', 'Traces, metrics and logs', '链路追踪、指标与日志'],
  ['guide/http', 'Exception filter and OpenAPI', '异常过滤器与 OpenAPI'],
  ['guide/testing', 'Testing', '测试'],
  ['guide/doctor', 'Doctor and health', '诊断与健康检查'],
  ['guide/signers', 'Signers and SM', '签名器与国密'],
  ['kms', 'Keys in a KMS', 'KMS 中的密钥'],
  ['guide/security', 'Security', '安全'],
];

const RECIPES = [
  ['recipes/cancel-button', 'A cancel button', '取消按钮'],
  ['recipes/timeout', 'A time limit for paying', '限时支付'],
  ['recipes/payment-failed', 'Payment failed: a new number', '支付失败，换新订单号'],
  ['recipes/ghost-payment', 'Refund a ghost payment', '退还幽灵支付'],
  ['recipes/multi-tenant', 'Many tenants', '多租户'],
  ['recipes/test-a-lost-reply', 'Test a lost reply', '测试丢失的应答'],
];

const MIGRATION = [
  ['migration/from-wechatpay-node-v3', 'wechatpay-node-v3', 'wechatpay-node-v3'],
  ['migration/from-wechatpay-axios-plugin', 'wechatpay-axios-plugin', 'wechatpay-axios-plugin'],
  ['migration/from-nest-wechat', 'nest-wechat', 'nest-wechat'],
];

/** The groups of the menu. */
export const GROUPS = [
  { titles: ['Guide', '指南'], pages: GUIDE },
  { titles: ['Recipes', '做法'], pages: RECIPES },
  { titles: ['Coming from another package', '从其他包迁移'], pages: MIGRATION },
];

/** The address of a Chinese page: `guide/start.zh-CN.md` is served as `zh-CN/guide/start.md`, and everything else where it is. */
export function addressOf(file) {
  return file.endsWith('.zh-CN.md') ? `zh-CN/${file.replace(/\.zh-CN\.md$/, '.md')}` : file;
}

/** The id of a heading, as GitHub has it, so that a link works in both places. */
export function slugOf(heading) {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
}
