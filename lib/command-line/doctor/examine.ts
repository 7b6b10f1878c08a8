import type { INestApplicationContext } from '@nestjs/common';

import { examineOptions } from '../../doctor/examine-options.js';
import type { Finding } from '../../doctor/finding.js';
import { type Examination, WechatPayDoctor } from '../../doctor/wechat-pay-doctor.js';
import { WechatPayConfigurationError } from '../../errors/wechat-pay-configuration.error.js';
import { CommandError, wordsOf } from '../command-error.js';
import { startModule } from '../start-module.js';

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
    app = await startModule(options);
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
