import type { ConfigurationIssue } from '../../errors/wechat-pay-configuration.error.js';

/** The options of auto-close do not hold. Thrown when the application starts; it lists every fault at once. */
export class AutoCloseConfigurationError extends Error {
  override readonly name = 'AutoCloseConfigurationError';

  /** @param issues - at least one */
  constructor(readonly issues: readonly ConfigurationIssue[]) {
    const lines = issues.map(({ option, problem }) => `- ${option} ${problem}`);
    super(
      `AutoCloseModule cannot start; mend ${lines.length === 1 ? 'this option' : 'these options'}:\n${lines.join('\n')}`,
    );
  }
}
