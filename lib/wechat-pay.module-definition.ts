import { ConfigurableModuleBuilder, type ModuleMetadata, type Type } from '@nestjs/common';

import { type MerchantSourceProvider, merchantSourceProvider } from './merchants/merchant-source.provider.js';
import type { CallObserver } from './observability/call-observer.js';
import { CallLog } from './observability/call-log.js';
import { CallWatch } from './observability/call-watch.js';
import { observerProvider, tokenOf } from './observability/observer.provider.js';
import type { Signer } from './signers/signer.js';
import { SignerRegistry, BUILT_IN_SIGNERS } from './signers/signer.registry.js';
import type { Verifier } from './verifiers/verifier.js';
import { BUILT_IN_VERIFIERS, VerifierRegistry } from './verifiers/verifier.registry.js';
import { WECHAT_PAY_MODULE_OPTIONS } from './wechat-pay.constants.js';
import type { WechatPayModuleOptions } from './wechat-pay.options.js';

/** What shapes the module itself and is therefore given beside the options, also with `forRootAsync`. */
export interface WechatPayModuleExtras {
  /**
   * Whether every module of the application sees {@link CloseOrderService} without importing this one.
   *
   * @default false
   */
  readonly isGlobal?: boolean;
  /** Signers of your own. Each takes the place of the built-in one of its scheme; they may inject. */
  readonly signers?: readonly Type<Signer>[];
  /** Verifiers of your own. Each takes the place of the built-in one of its scheme; they may inject. */
  readonly verifiers?: readonly Type<Verifier>[];
  /**
   * Finds merchants that are not listed in the options: a class, or `{ useClass }`, `{ useExisting }` or
   * `{ useFactory, inject? }`.
   */
  readonly merchantSource?: MerchantSourceProvider | undefined;
  /** Observers of calls, for traces, metrics or logs of your own: classes, which may inject, or instances. */
  readonly observers?: readonly (Type<CallObserver> | CallObserver)[];
  /** Modules that your signers, verifiers, observers and merchant source inject from. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
}

const EXTRAS: Required<WechatPayModuleExtras> = {
  isGlobal: false,
  signers: [],
  verifiers: [],
  observers: [],
  merchantSource: undefined,
  imports: [],
};

/** What {@link WechatPayModule} is built on: `forRoot`, `forRootAsync` and the extras. */
export const { ConfigurableModuleClass, OPTIONS_TYPE, ASYNC_OPTIONS_TYPE } =
  new ConfigurableModuleBuilder<WechatPayModuleOptions>({ optionsInjectionToken: WECHAT_PAY_MODULE_OPTIONS })
    .setClassMethodName('forRoot')
    .setFactoryMethodName('createWechatPayOptions')
    .setExtras(EXTRAS, (definition, { isGlobal, signers, verifiers, observers, merchantSource, imports }) => {
      const signerClasses = [...BUILT_IN_SIGNERS, ...signers];
      const verifierClasses = [...BUILT_IN_VERIFIERS, ...verifiers];
      const observerProviders = observers.map(observerProvider);
      return {
        ...definition,
        global: isGlobal,
        imports: [...new Set([...(definition.imports ?? []), ...imports])],
        providers: [
          ...(definition.providers ?? []),
          ...signerClasses,
          ...verifierClasses,
          merchantSourceProvider(merchantSource),
          ...observerProviders,
          {
            provide: CallWatch,
            inject: [CallLog, ...observerProviders.map(tokenOf)],
            useFactory: (log: CallLog, ...members: CallObserver[]) => new CallWatch(log, members),
          },
          {
            provide: SignerRegistry,
            inject: signerClasses,
            useFactory: (...members: Signer[]) => new SignerRegistry(members),
          },
          {
            provide: VerifierRegistry,
            inject: verifierClasses,
            useFactory: (...members: Verifier[]) => new VerifierRegistry(members),
          },
        ],
        exports: [...(definition.exports ?? []), VerifierRegistry],
      };
    })
    .build();
