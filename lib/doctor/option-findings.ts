import type { ConfigurationIssue } from '../errors/wechat-pay-configuration.error.js';
import type { Finding } from './finding.js';

const MERCHANT = /^merchants\[(\d+)\]/;

/**
 * The faults that keep the module from starting, as findings.
 *
 * @param issues - of {@link WechatPayConfigurationError}: `problem` says what is wrong and, after a semicolon, what to do
 * @param numbers - the merchants' numbers, as far as they could be read, by their place in the options
 */
export function optionFindings(
  issues: readonly ConfigurationIssue[],
  numbers: readonly (string | undefined)[],
): readonly Finding[] {
  return issues.map(({ option, problem }) => {
    const [fault = problem, ...advice] = problem.split('; ');
    const merchant = numbers[Number(MERCHANT.exec(option)?.[1] ?? Number.NaN)];
    return {
      severity: 'error',
      code: 'option',
      option,
      ...(merchant !== undefined && { merchant }),
      message: `${option} ${fault}.`,
      remedy:
        advice.length === 0 ? 'Mend this option; the module does not start with it.' : sentence(advice.join('; ')),
    };
  });
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
