import type { Finding, Severity } from '../../doctor/finding.js';

const LABELS: Readonly<Record<Severity, string>> = { error: 'ERROR', warning: 'WARNING', info: 'OK' };

/**
 * Findings as a person reads them.
 *
 * @param findings - the worst first
 * @param online - whether WeChat Pay was asked
 */
export function asText(findings: readonly Finding[], online: boolean): string {
  const blocks = findings.map(({ severity, code, message, remedy }) => {
    const label = code === 'notTried' ? 'NOTE' : LABELS[severity];
    return `${label}  ${message}${remedy === '' ? '' : `\n    → ${remedy}`}`;
  });
  return [...blocks, summary(findings, online)].join('\n\n');
}

/**
 * Findings as a machine reads them.
 *
 * @param findings - the worst first
 */
export function asJson(findings: readonly Finding[]): string {
  return JSON.stringify({ findings }, undefined, 2);
}

/** 0 where there is nothing to mend, 1 for warnings, 2 for errors. */
export function exitCodeOf(findings: readonly Finding[]): number {
  if (findings.some(({ severity }) => severity === 'error')) return 2;
  return findings.some(({ severity }) => severity === 'warning') ? 1 : 0;
}

function summary(findings: readonly Finding[], online: boolean): string {
  const count = (severity: Severity, one: string) => {
    const found = findings.filter((finding) => finding.severity === severity).length;
    return found === 0 ? [] : [`${found} ${one}${found === 1 ? '' : 's'}`];
  };
  const counted = [...count('error', 'error'), ...count('warning', 'warning')];
  if (counted.length > 0) return `${counted.join(', ')}.`;
  return online
    ? 'Nothing to mend.'
    : 'Nothing to mend as far as can be seen from here. With --online, WeChat Pay is asked, too.';
}
