import { HttpModule } from '@nestjs/axios';
import { type ConfigurableModuleAsyncOptions, type DynamicModule, Module } from '@nestjs/common';
import { asyncScheduler } from 'rxjs';

import { ApiV2Exchange } from './api-v2/api-v2.exchange.js';
import { ApiV3Exchange } from './api-v3/api-v3.exchange.js';
import { BulkCloser } from './close-order/bulk/bulk.closer.js';
import { CallPreparer } from './close-order/call-preparer.js';
import { ApiV3Judge } from './api-v3/api-v3.judge.js';
import { ApiV3Sender } from './api-v3/api-v3.sender.js';
import { CertificateDownload } from './api-v3/certificate-download.js';
import { CloseOrderService } from './close-order/close-order.service.js';
import { CloseFlow } from './close-order/close.flow.js';
import { AttemptRepeater } from './close-order/attempt.repeater.js';
import { CourseRunner } from './close-order/course.runner.js';
import { FlowSettings } from './close-order/flow-settings.js';
import { RateLimitNotices } from './close-order/rate-limit-notices.js';
import { RetryBudget } from './close-order/retry-budget.js';
import { SettleFlow } from './close-order/settle.flow.js';
import { OrderExchange } from './close-order/order-exchange.js';
import { OnlineExaminer } from './doctor/online-examiner.js';
import { SelfTests } from './doctor/self-tests.js';
import { WechatPayDoctor } from './doctor/wechat-pay-doctor.js';
import { WechatPayFacts } from './doctor/wechat-pay-facts.js';
import { Clock, SystemClock } from './environment/clock.js';
import { Traffic } from './environment/traffic.js';
import { WechatPayLog } from './environment/wechat-pay-log.js';
import { NonceSource, RandomNonceSource } from './environment/nonce-source.js';
import { MathRandomness, Randomness } from './environment/randomness.js';
import { MerchantCacheSettings } from './merchants/merchant-cache-settings.js';
import { MerchantDirectory } from './merchants/merchant.directory.js';
import { MerchantRegistry } from './merchants/merchant.registry.js';
import { MerchantSource } from './merchants/merchant-source.js';
import { Merchants } from './merchants/merchants.js';
import { Shutdown } from './environment/shutdown.js';
import { CertificateSource } from './platform-keys/certificate.source.js';
import { PlatformKeyRefresher } from './platform-keys/platform-key.refresher.js';
import { CallLog } from './observability/call-log.js';
import { PlatformKeyStore } from './platform-keys/platform-key.store.js';
import { PlatformKeyUsage } from './platform-keys/platform-key.usage.js';
import { readSettings, WechatPaySettings } from './settings/read-settings.js';
import { SignerRegistry } from './signers/signer.registry.js';
import { AttemptDeadline } from './transport/attempt-deadline.js';
import { ClockSkew } from './transport/clock-skew.js';
import { ConnectionPool } from './transport/connection-pool.js';
import { HostChoice } from './transport/host-choice.js';
import { ownAdapter } from './transport/http-front.js';
import { TransportSettings } from './transport/transport-settings.js';
import { WechatPayTransport } from './transport/wechat-pay.transport.js';
import { ReplyMemory } from './verifiers/reply-memory.js';
import { VerifierRegistry } from './verifiers/verifier.registry.js';
import { WECHAT_PAY_MODULE_OPTIONS, WECHAT_PAY_SCHEDULER, WECHAT_PAY_SHUTDOWN_MS } from './wechat-pay.constants.js';
import { ConfigurableModuleClass, type WechatPayModuleExtras } from './wechat-pay.module-definition.js';
import type { WechatPayModuleOptions } from './wechat-pay.options.js';

/** A class that makes the options: for `forRootAsync({ useClass })` and `forRootAsync({ useExisting })`. */
export interface WechatPayOptionsFactory {
  createWechatPayOptions(): WechatPayModuleOptions | Promise<WechatPayModuleOptions>;
}

/** What {@link WechatPayModule.forRootAsync} takes: `useFactory`, `useClass` or `useExisting`, and the extras. */
export type WechatPayModuleAsyncOptions = ConfigurableModuleAsyncOptions<
  WechatPayModuleOptions,
  'createWechatPayOptions'
> &
  WechatPayModuleExtras;

/**
 * Registers {@link CloseOrderService} and {@link WechatPayDoctor}. Import it once, in the application's root module, through `forRoot` or `forRootAsync`;
 * elsewhere inject the service. A bare `imports: [WechatPayModule]` has no options, so Nest cannot resolve its dependencies and
 * the application does not start. Without `isGlobal`, export it from the module that registers it.
 */
@Module({
  // A private axios instance, made anew for every application: interceptors of one do not reach the other.
  imports: [HttpModule.registerAsync({ useFactory: () => ({ headers: {}, adapter: ownAdapter }) })],
  providers: [
    CloseOrderService,
    BulkCloser,
    CallPreparer,
    MerchantDirectory,
    Merchants,
    CloseFlow,
    SettleFlow,
    CourseRunner,
    AttemptRepeater,
    RetryBudget,
    RateLimitNotices,
    HostChoice,
    ClockSkew,
    CallLog,
    OrderExchange,
    ApiV2Exchange,
    ApiV3Exchange,
    ApiV3Sender,
    ApiV3Judge,
    PlatformKeyStore,
    PlatformKeyRefresher,
    PlatformKeyUsage,
    { provide: CertificateSource, useClass: CertificateDownload },
    ReplyMemory,
    Shutdown,
    Traffic,
    AttemptDeadline,
    WechatPayTransport,
    ConnectionPool,
    WechatPayDoctor,
    OnlineExaminer,
    SelfTests,
    WechatPayFacts,
    { provide: Clock, useClass: SystemClock },
    { provide: NonceSource, useClass: RandomNonceSource },
    { provide: Randomness, useClass: MathRandomness },
    { provide: WECHAT_PAY_SCHEDULER, useValue: asyncScheduler },
    {
      provide: WechatPaySettings,
      inject: [WECHAT_PAY_MODULE_OPTIONS, SignerRegistry, VerifierRegistry, MerchantSource],
      useFactory: (
        options: WechatPayModuleOptions,
        signers: SignerRegistry,
        verifiers: VerifierRegistry,
        source: MerchantSource | null | undefined,
      ) => readSettings(options, { signers, verifiers }, source),
    },
    {
      provide: MerchantRegistry,
      inject: [WechatPaySettings],
      useFactory: ({ merchants }: WechatPaySettings) => merchants,
    },
    {
      provide: MerchantCacheSettings,
      inject: [WechatPaySettings],
      useFactory: ({ merchantCache }: WechatPaySettings) => merchantCache,
    },
    {
      provide: TransportSettings,
      inject: [WechatPaySettings],
      useFactory: ({ transport }: WechatPaySettings) => transport,
    },
    {
      provide: WechatPayLog,
      inject: [WechatPaySettings],
      useFactory: ({ logging }: WechatPaySettings) => new WechatPayLog(logging),
    },
    { provide: FlowSettings, inject: [WechatPaySettings], useFactory: ({ flow }: WechatPaySettings) => flow },
    {
      provide: WECHAT_PAY_SHUTDOWN_MS,
      inject: [FlowSettings],
      useFactory: ({ shutdownMs }: FlowSettings) => shutdownMs,
    },
  ],
  exports: [
    CloseOrderService,
    Merchants,
    PlatformKeyUsage,
    WechatPayDoctor,
    WechatPayFacts,
    // What lib/notifications reads with, as VerifierRegistry; no public entry point names them but Clock.
    MerchantDirectory,
    PlatformKeyStore,
    ReplyMemory,
    Clock,
  ],
})
export class WechatPayModule extends ConfigurableModuleClass {
  /**
   * Registers the module with options at hand.
   *
   * @param options - merchants and their keys; `isGlobal`, `signers` and `merchantSource` shape the module itself
   * @throws {@link WechatPayConfigurationError} when the application starts, if the options do not hold
   * @example
   * ```ts
   * WechatPayModule.forRoot({
   *   isGlobal: true,
   *   merchants: [{ mchid: '1900000109', apiV3: { serialNo, privateKey, publicKeys: { PUB_KEY_ID_0000: publicKey } } }],
   * })
   * ```
   */
  static override forRoot(options: WechatPayModuleOptions & WechatPayModuleExtras): DynamicModule {
    // Without types, a missing setting may arrive here as nothing; the options' check says what is wrong.
    const given: typeof options | null | undefined = options;
    return super.forRoot(given ?? { merchants: [] });
  }

  /**
   * Registers the module with options that come from elsewhere, such as a `ConfigService` or a vault.
   *
   * @param options - `useFactory` with `inject`, `useClass` or `useExisting`, and `imports`; `isGlobal`, `signers` and
   * `merchantSource` stand beside them, since they must be known before the options are
   * @throws {@link WechatPayConfigurationError} when the application starts, if the options do not hold
   * @example
   * ```ts
   * WechatPayModule.forRootAsync({
   *   imports: [ConfigModule],
   *   inject: [ConfigService],
   *   useFactory: (config: ConfigService) => ({ merchants: [config.getOrThrow('merchant')] }),
   * })
   * ```
   */
  static override forRootAsync(options: WechatPayModuleAsyncOptions): DynamicModule {
    return super.forRootAsync(options);
  }
}
