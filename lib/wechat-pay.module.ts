import { HttpModule } from '@nestjs/axios';
import { type ConfigurableModuleAsyncOptions, type DynamicModule, Module } from '@nestjs/common';
import { asyncScheduler } from 'rxjs';

import { ApiV2Exchange } from './api-v2/api-v2.exchange.js';
import { ApiV3Exchange } from './api-v3/api-v3.exchange.js';
import { CloseOrderService } from './close-order/close-order.service.js';
import { CloseFlow } from './close-order/close.flow.js';
import { CourseRunner } from './close-order/course.runner.js';
import { FlowSettings } from './close-order/flow-settings.js';
import { RetryBudget } from './close-order/retry-budget.js';
import { SettleFlow } from './close-order/settle.flow.js';
import { OrderExchange } from './close-order/order-exchange.js';
import { Clock, SystemClock } from './environment/clock.js';
import { NonceSource, RandomNonceSource } from './environment/nonce-source.js';
import { MathRandomness, Randomness } from './environment/randomness.js';
import { MerchantRegistry } from './merchants/merchant.registry.js';
import { Shutdown } from './environment/shutdown.js';
import { readSettings, WechatPaySettings } from './settings/read-settings.js';
import { SignerRegistry } from './signers/signer.registry.js';
import { AttemptDeadline } from './transport/attempt-deadline.js';
import { ClockSkew } from './transport/clock-skew.js';
import { ConnectionPool } from './transport/connection-pool.js';
import { HostChoice } from './transport/host-choice.js';
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
 * Registers {@link CloseOrderService}. Import it once, in the application's root module, through `forRoot` or `forRootAsync`;
 * elsewhere inject the service. A bare `imports: [WechatPayModule]` has no options, so Nest cannot resolve its dependencies and
 * the application does not start. Without `isGlobal`, export it from the module that registers it.
 */
@Module({
  // A private axios instance, made anew for every application: interceptors of one do not reach the other.
  imports: [HttpModule.registerAsync({ useFactory: () => ({ headers: {} }) })],
  providers: [
    CloseOrderService,
    CloseFlow,
    SettleFlow,
    CourseRunner,
    RetryBudget,
    HostChoice,
    ClockSkew,
    OrderExchange,
    ApiV2Exchange,
    ApiV3Exchange,
    ReplyMemory,
    Shutdown,
    AttemptDeadline,
    WechatPayTransport,
    ConnectionPool,
    { provide: Clock, useClass: SystemClock },
    { provide: NonceSource, useClass: RandomNonceSource },
    { provide: Randomness, useClass: MathRandomness },
    { provide: WECHAT_PAY_SCHEDULER, useValue: asyncScheduler },
    {
      provide: WechatPaySettings,
      inject: [WECHAT_PAY_MODULE_OPTIONS, SignerRegistry, VerifierRegistry],
      useFactory: (options: WechatPayModuleOptions, signers: SignerRegistry, verifiers: VerifierRegistry) =>
        readSettings(options, { signers, verifiers }),
    },
    {
      provide: MerchantRegistry,
      inject: [WechatPaySettings],
      useFactory: ({ merchants }: WechatPaySettings) => merchants,
    },
    {
      provide: TransportSettings,
      inject: [WechatPaySettings],
      useFactory: ({ transport }: WechatPaySettings) => transport,
    },
    { provide: FlowSettings, inject: [WechatPaySettings], useFactory: ({ flow }: WechatPaySettings) => flow },
    {
      provide: WECHAT_PAY_SHUTDOWN_MS,
      inject: [FlowSettings],
      useFactory: ({ shutdownMs }: FlowSettings) => shutdownMs,
    },
  ],
  exports: [CloseOrderService],
})
export class WechatPayModule extends ConfigurableModuleClass {
  /**
   * Registers the module with options at hand.
   *
   * @param options - merchants and their keys; `isGlobal` and `signers` shape the module itself
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
    return super.forRoot(options);
  }

  /**
   * Registers the module with options that come from elsewhere, such as a `ConfigService` or a vault.
   *
   * @param options - `useFactory` with `inject`, `useClass` or `useExisting`, and `imports`; `isGlobal` and `signers`
   * stand beside them, since they must be known before the options are
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
