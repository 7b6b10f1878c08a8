/** One fault in the options. */
export interface ConfigurationIssue {
  /** The option, as a path from what `forRoot` takes, e.g. `merchants[0].apiV3.serialNo`. */
  readonly option: string;
  /** What it was and what it should be. Never the value of a key. */
  readonly problem: string;
}

/**
 * The options do not hold. Thrown when the module starts; it lists every fault at once, each with the option's name, what
 * it was and how to mend it.
 */
export class WechatPayConfigurationError extends Error {
  override readonly name = 'WechatPayConfigurationError';

  /** @param issues - at least one */
  constructor(readonly issues: readonly ConfigurationIssue[]) {
    const lines = issues.map(({ option, problem }) => `- ${option} ${problem}`);
    super(
      `WechatPayModule cannot start; mend ${lines.length === 1 ? 'this option' : 'these options'}:\n${lines.join('\n')}`,
    );
  }
}
