import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';

import { AutoCloseLifecycle } from './auto-close.lifecycle.js';
import { AutoCloseConfigurationError } from './errors/auto-close-configuration.error.js';

/**
 * Refuses to start where something that auto-close injects is made anew for each request: Nest calls no hook of such a provider, so
 * every order would be scheduled, and none closed, without a word.
 */
@Injectable()
export class ScopeCheck implements OnModuleInit {
  constructor(@Inject(ModuleRef) private readonly own: ModuleRef) {}

  /** @throws {@link AutoCloseConfigurationError} */
  onModuleInit(): void {
    try {
      this.own.get(AutoCloseLifecycle);
    } catch {
      const problem =
        'depends on a provider with the scope of a request, so no order would ever be closed; give what the options of AutoCloseModule and of WechatPayModule inject the default scope';
      throw new AutoCloseConfigurationError([{ option: 'AutoCloseModule', problem }]);
    }
  }
}
