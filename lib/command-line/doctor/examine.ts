import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { examineOptions } from '../../doctor/examine-options.js';
import type { Finding } from '../../doctor/finding.js';
import { type Examination, WechatPayDoctor } from '../../doctor/wechat-pay-doctor.js';
import { WechatPayConfigurationError } from '../../errors/wechat-pay-configuration.error.js';
import { WechatPayModule } from '../../wechat-pay.module.js';
import type { WechatPayModuleExtras } from '../../wechat-pay.module-definition.js';
import type { WechatPayModuleOptions } from '../../wechat-pay.options.js';
import { CommandError, wordsOf } from '../command-error.js';

/**
 * Examines options by starting the module with them; where it does not start, by what keeps it from that.
 *
 * @param options - what `forRoot` takes; nothing is taken for granted
 * @param examination - what to look at
 * @throws {@link CommandError} where a signer or an import of the application's own does not start
 */
export async function examine(options: unknown, examination: Required<Examination>): Promise<readonly Finding[]> {
  let app: INestApplicationContext;
  try {
    app = await start(options);
  } catch (error) {
    if (!(error instanceof WechatPayConfigurationError)) {
      throw new CommandError(`The module does not start with this configuration: ${wordsOf(error)}.`);
    }
    const { certificates, online } = examination;
    const findings = examineOptions(options, { issues: error.issues, certificates, now: Date.now() });
    return online ? [...findings, NOT_ASKED] : findings;
  }
  try {
    return await app.get(WechatPayDoctor).examine(examination);
  } finally {
    await app.close();
  }
}

const NOT_ASKED: Finding = {
  severity: 'info',
  code: 'notTried',
  message: 'WeChat Pay was not asked, since the module does not start with this configuration.',
  remedy: 'Mend the errors, then ask again with --online.',
};

function start(options: unknown): Promise<INestApplicationContext> {
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
