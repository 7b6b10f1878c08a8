export { WechatPayModule } from './wechat-pay.module.js';
export type { WechatPayModuleAsyncOptions, WechatPayOptionsFactory } from './wechat-pay.module.js';
export type { WechatPayModuleExtras } from './wechat-pay.module-definition.js';
export type {
  ApiV2Options,
  ApiV3Options,
  CertificateDownloadOptions,
  CertificateInput,
  CertificateRegion,
  FailoverOptions,
  HostOptions,
  KeyInput,
  MerchantCacheOptions,
  MerchantOptions,
  RetryOptions,
  SecretInput,
  TimeoutOptions,
  WechatPayModuleOptions,
} from './wechat-pay.options.js';
export {
  HMAC_SHA256,
  MD5,
  WECHAT_PAY_MODULE_OPTIONS,
  WECHAT_PAY_SCHEDULER,
  WECHATPAY2_SHA256_RSA2048,
} from './wechat-pay.constants.js';

export { CloseOrderService } from './close-order/close-order.service.js';
export type { CloseOptions, SettleOptions } from './close-order/call-options.js';
export type { BulkCloseOptions, BulkRequest, BulkVariant } from './close-order/bulk/bulk-close.options.js';
export type { BulkEnding, BulkOutcome } from './close-order/bulk/bulk-outcome.js';
export type { BulkSource } from './close-order/bulk/bulk-source.js';
export type { AnyCloseVariant } from './close-order/any-close-variant.js';
export type { BuiltInVariantName } from './close-order/variants/built-in-variants.js';
export type { ClosedOrder } from './close-order/closed-order.js';
export type { AgeOptions, MinimumAge, TooYoung } from './close-order/minimum-age.js';
export type { PaidOrder, SettledOrder } from './close-order/settled-order.js';
export type { Confirm } from './close-order/confirmation.js';
export type { OrderQuery, QueriedPart } from './close-order/order-query.js';
export type { QueriedOrder, TradeState } from './close-order/queried-order.js';
export type {
  ApiV2CloseVariant,
  ApiV3CloseVariant,
  CloseVariant,
  CloseVariantBase,
  MerchantIdentity,
} from './close-order/close-variant.js';
export { combineCloseRequestSchema, combineVariant } from './close-order/variants/combine.variant.js';
export type { CombineCloseRequest } from './close-order/variants/combine.variant.js';
export { directCloseRequestSchema, directVariant } from './close-order/variants/direct.variant.js';
export type { DirectCloseRequest } from './close-order/variants/direct.variant.js';
export {
  globalByIdVariant,
  globalByOutTradeNoVariant,
  globalCloseByIdRequestSchema,
  globalCloseByOutTradeNoRequestSchema,
} from './close-order/variants/global.variant.js';
export type { GlobalCloseByIdRequest, GlobalCloseByOutTradeNoRequest } from './close-order/variants/global.variant.js';
export {
  hkByIdVariant,
  hkByOutTradeNoVariant,
  hkCloseByIdRequestSchema,
  hkCloseByOutTradeNoRequestSchema,
} from './close-order/variants/hk.variant.js';
export type { HkCloseByIdRequest, HkCloseByOutTradeNoRequest } from './close-order/variants/hk.variant.js';
export { partnerCloseRequestSchema, partnerVariant } from './close-order/variants/partner.variant.js';
export type { PartnerCloseRequest } from './close-order/variants/partner.variant.js';
export { repaymentCloseRequestSchema, repaymentVariant } from './close-order/variants/repayment.variant.js';
export type { RepaymentCloseRequest } from './close-order/variants/repayment.variant.js';
export { v2CloseRequestSchema, v2Variant } from './close-order/variants/v2.variant.js';
export type { V2CloseRequest } from './close-order/variants/v2.variant.js';

export { MerchantSource } from './merchants/merchant-source.js';
export type { FoundMerchant } from './merchants/merchant-source.js';
export type { MerchantSourceProvider } from './merchants/merchant-source.provider.js';
export { Merchants } from './merchants/merchants.js';

export { WechatPayError } from './errors/wechat-pay.error.js';
export type { Outcome, WechatPayErrorDetails } from './errors/wechat-pay.error.js';
export type { OrderReference } from './errors/order-reference.js';
export { BulkStoppedError } from './errors/bulk-stopped.error.js';
export type { BulkStopReason } from './errors/bulk-stopped.error.js';
export { InvalidRequestError } from './errors/invalid-request.error.js';
export type { RequestIssue } from './errors/invalid-request.error.js';
export { OrderNotFoundError } from './errors/order-not-found.error.js';
export { OrderPaidError } from './errors/order-paid.error.js';
export type { PaidTransaction } from './errors/paid-transaction.js';
export { OrderTooYoungError } from './errors/order-too-young.error.js';
export { OutcomeUnknownError } from './errors/outcome-unknown.error.js';
export type { Hint, OutcomeUnknownDetails } from './errors/outcome-unknown.error.js';
export type { DoubtPhase, DoubtReason } from './answers/doubt.js';
export { PaymentInProgressError } from './errors/payment-in-progress.error.js';
export { RequestRefusedError } from './errors/request-refused.error.js';
export { ReverseRequiredError } from './errors/reverse-required.error.js';
export { WechatPayConfigurationError } from './errors/wechat-pay-configuration.error.js';
export type { ConfigurationIssue } from './errors/wechat-pay-configuration.error.js';

export { WechatPayExceptionFilter } from './exception-filter/wechat-pay-exception.filter.js';
export type { WechatPayProblem } from './exception-filter/problem.js';

export { WechatPayDoctor } from './doctor/wechat-pay-doctor.js';
export type { Examination } from './doctor/wechat-pay-doctor.js';
export type { Finding, FindingCode, Severity } from './doctor/finding.js';
export { WechatPayFacts } from './doctor/wechat-pay-facts.js';
export type { Lifetime } from './doctor/certificate-facts.js';
export type { CertificateFacts, Facts, HostFacts, MerchantFacts } from './doctor/wechat-pay-facts.js';
export type { SeenSkew } from './transport/clock-skew.js';

export { Signer } from './signers/signer.js';
export type { SigningIdentity } from './signers/signer.js';
export { HmacSha256Signer } from './signers/hmac-sha256.signer.js';
export { Md5Signer } from './signers/md5.signer.js';
export { RsaSha256Signer } from './signers/rsa-sha256.signer.js';
export { Verifier } from './verifiers/verifier.js';
export type { SignatureEvidence } from './verifiers/verifier.js';
export { HmacSha256Verifier } from './verifiers/hmac-sha256.verifier.js';
export { Md5Verifier } from './verifiers/md5.verifier.js';
export { RsaSha256Verifier } from './verifiers/rsa-sha256.verifier.js';
export type { CertificateCipher, SealedCertificate } from './verifiers/certificate-cipher.js';
export type { Verified } from './answers/verified.js';

export { PlatformKeyUsage } from './platform-keys/platform-key.usage.js';
export type { PlatformKeyCount } from './platform-keys/platform-key.usage.js';

export { CallObserver } from './observability/call-observer.js';
export type {
  AttemptEnd,
  AttemptFacts,
  AttemptObservation,
  CallEnd,
  CallFacts,
  CallObservation,
  CallOperation,
  CallResult,
} from './observability/call-observer.js';

export { Clock } from './environment/clock.js';
export { NonceSource } from './environment/nonce-source.js';
export { Randomness } from './environment/randomness.js';
