import { type ConfigurableModuleAsyncOptions, type DynamicModule, Logger, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { asyncScheduler, type SchedulerLike } from 'rxjs';

import { Clock, SystemClock } from '../environment/clock.js';
import { MathRandomness, Randomness } from '../environment/randomness.js';
import { WECHAT_PAY_SCHEDULER } from '../wechat-pay.constants.js';
import { AUTO_CLOSE_MODULE_OPTIONS } from './auto-close.constants.js';
import { AutoCloseLifecycle } from './auto-close.lifecycle.js';
import { type AutoCloseModuleExtras, ConfigurableModuleClass } from './auto-close.module-definition.js';
import type { AutoCloseModuleOptions } from './auto-close.options.js';
import { AutoCloseService } from './auto-close.service.js';
import { HandlerFinder } from './closing/handler.finder.js';
import { OrderCloser } from './closing/order-closer.js';
import { SettlementWorker } from './closing/settlement.worker.js';
import { Observations } from './observations.js';
import { JobMaker } from './planning/job-maker.js';
import { CloseScheduler } from './scheduling/close-scheduler.js';
import { ScopeCheck } from './scope.check.js';
import { AutoCloseSettings } from './configuration/auto-close-settings.js';
import { readSettings } from './configuration/read-settings.js';
import { createScheduler } from './stores/create-scheduler.js';
import { VariantRegistry } from './variants/variant.registry.js';

/** A class that makes the options: for `forRootAsync({ useClass })` and `forRootAsync({ useExisting })`. */
export interface AutoCloseOptionsFactory {
  createAutoCloseOptions(): AutoCloseModuleOptions | Promise<AutoCloseModuleOptions>;
}

/** What {@link AutoCloseModule.forRootAsync} takes: `useFactory`, `useClass` or `useExisting`, and the extras. */
export type AutoCloseModuleAsyncOptions = ConfigurableModuleAsyncOptions<
  AutoCloseModuleOptions,
  'createAutoCloseOptions'
> &
  AutoCloseModuleExtras;

/**
 * Registers {@link AutoCloseService}, and closes orders when they are due. Import it once, in the application's root module,
 * beside `WechatPayModule`, whose `CloseOrderService` it injects: make that one global, or name it in `imports`.
 *
 * It needs `app.enableShutdownHooks()` to end in order; without it nothing is lost, but what was being closed goes on only when
 * its lease has run out. While it works, it keeps the process alive, as a server does.
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    AutoCloseService,
    AutoCloseLifecycle,
    ScopeCheck,
    JobMaker,
    SettlementWorker,
    OrderCloser,
    HandlerFinder,
    Observations,
    { provide: Clock, useClass: SystemClock },
    { provide: Randomness, useClass: MathRandomness },
    { provide: WECHAT_PAY_SCHEDULER, useValue: asyncScheduler },
    { provide: AutoCloseSettings, inject: [AUTO_CLOSE_MODULE_OPTIONS], useFactory: readSettings },
    {
      provide: VariantRegistry,
      inject: [AUTO_CLOSE_MODULE_OPTIONS, AutoCloseSettings],
      useFactory: ({ variants }: AutoCloseModuleOptions) => new VariantRegistry(variants ?? []),
    },
    {
      provide: CloseScheduler,
      inject: [AUTO_CLOSE_MODULE_OPTIONS, AutoCloseSettings, Clock, Randomness, WECHAT_PAY_SCHEDULER],
      useFactory: async (
        { store }: AutoCloseModuleOptions,
        { keepSettledForMs }: AutoCloseSettings,
        clock: Clock,
        randomness: Randomness,
        scheduler: SchedulerLike,
      ): Promise<CloseScheduler> => {
        const logger = new Logger('AutoClose');
        const report = (problem: string) => logger.error(problem);
        const chosen = await createScheduler(store, { clock, randomness, scheduler, keepSettledForMs, report });
        await chosen.open();
        return chosen;
      },
    },
  ],
  exports: [AutoCloseService],
})
export class AutoCloseModule extends ConfigurableModuleClass {
  /**
   * Registers the module with options at hand.
   *
   * @param options - the store; `isGlobal`, `settlementHandler` and `imports` shape the module itself
   * @throws {@link AutoCloseConfigurationError} when the application starts, if the options do not hold, and
   * {@link CloseStoreError}, if the store cannot be opened
   * @example
   * ```ts
   * AutoCloseModule.forRoot({
   *   isGlobal: true,
   *   store: { kind: 'sqlite', file: 'data/auto-close.db' },
   *   imports: [OrdersModule],
   *   settlementHandler: OrderSettlements,
   * })
   * ```
   */
  static override forRoot(options: AutoCloseModuleOptions & AutoCloseModuleExtras): DynamicModule {
    return super.forRoot(options);
  }

  /**
   * Registers the module with options that come from elsewhere, such as a `ConfigService`.
   *
   * @param options - `useFactory` with `inject`, `useClass` or `useExisting`; `isGlobal`, `settlementHandler` and `imports`
   * stand beside them, since they must be known before the options are
   * @throws {@link AutoCloseConfigurationError} when the application starts, if the options do not hold, and
   * {@link CloseStoreError}, if the store cannot be opened
   */
  static override forRootAsync(options: AutoCloseModuleAsyncOptions): DynamicModule {
    return super.forRootAsync(options);
  }
}
