import type { WechatPayModuleOptions } from '../wechat-pay.options.js';
import { checkRanges } from './check-flow.js';
import type { OptionReport } from './option-report.js';

const RANGES = { max: [1, 100_000], ttlMs: [0, 86_400_000] } as const;

/**
 * Checks how merchants that a source found are kept.
 *
 * @param options - as the application gave them
 * @param hasSource - whether there is a source
 * @param report - takes every fault
 */
export function checkMerchantCache(
  { merchantCache }: WechatPayModuleOptions,
  hasSource: boolean,
  report: OptionReport,
): void {
  checkRanges(merchantCache, RANGES, report.at('merchantCache'));
  if (merchantCache !== undefined && !hasSource) {
    report
      .at('merchantCache')
      .fault('is of use only with a merchantSource, and there is none; give one beside the options');
  }
}
