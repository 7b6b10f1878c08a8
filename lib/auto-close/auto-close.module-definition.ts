import { ConfigurableModuleBuilder, type ModuleMetadata, type Type } from '@nestjs/common';

import { AUTO_CLOSE_MODULE_OPTIONS, SETTLEMENT_HANDLER } from './auto-close.constants.js';
import type { AutoCloseModuleOptions } from './auto-close.options.js';
import type { SettlementHandler } from './settlement.handler.js';

/** What shapes the module itself and is therefore given beside the options, also with `forRootAsync`. */
export interface AutoCloseModuleExtras {
  /**
   * Whether every module of the application sees {@link AutoCloseService} without importing this one.
   *
   * @default false
   */
  readonly isGlobal?: boolean;
  /** The application's handler. It may inject. Leave it out where a provider is marked with {@link OnSettlement}. */
  readonly settlementHandler?: Type<SettlementHandler> | undefined;
  /** Modules that the handler injects from, and the one that exports `CloseOrderService` unless that is global. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
}

const EXTRAS: Required<AutoCloseModuleExtras> = { isGlobal: false, settlementHandler: undefined, imports: [] };

/** What {@link AutoCloseModule} is built on: `forRoot`, `forRootAsync` and the extras. */
export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<AutoCloseModuleOptions>({ optionsInjectionToken: AUTO_CLOSE_MODULE_OPTIONS })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createAutoCloseOptions')
    .setExtras(EXTRAS, (definition, { isGlobal, settlementHandler, imports }) => ({
      ...definition,
      global: isGlobal,
      imports: [...new Set([...(definition.imports ?? []), ...imports])],
      providers: [
        ...(definition.providers ?? []),
        // The class and not its instance: a handler that is scoped to a request would make whatever injects it so, too, and Nest
        // starts nothing of that with the application.
        { provide: SETTLEMENT_HANDLER, useValue: settlementHandler ?? null },
        ...(settlementHandler === undefined ? [] : [settlementHandler]),
      ],
    }))
    .build();
