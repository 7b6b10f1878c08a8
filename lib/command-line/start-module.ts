import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { WechatPayConfigurationError } from '../errors/wechat-pay-configuration.error.js';
import { WechatPayModule } from '../wechat-pay.module.js';
import type { WechatPayModuleExtras } from '../wechat-pay.module-definition.js';
import type { WechatPayModuleOptions } from '../wechat-pay.options.js';

/**
 * Starts an application that has the module and nothing else.
 *
 * @param options - what `forRoot` takes; nothing is taken for granted
 * @throws {@link WechatPayConfigurationError} where they do not hold, and whatever a signer or an import of the application's own throws
 */
export function startModule(options: unknown): Promise<INestApplicationContext> {
  if (!isOptions(options)) {
    throw new WechatPayConfigurationError([
      { option: 'the options', problem: 'are no object; export what WechatPayModule.forRoot takes' },
    ]);
  }
  return NestFactory.createApplicationContext(WechatPayModule.forRoot(options), { logger: false, abortOnError: false });
}

/** Whether it may be what `forRoot` takes; that it holds is found out by the start. */
function isOptions(options: unknown): options is WechatPayModuleOptions & WechatPayModuleExtras {
  return typeof options === 'object' && options !== null && !Array.isArray(options);
}
