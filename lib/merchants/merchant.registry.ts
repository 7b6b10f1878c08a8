import { WechatPayConfigurationError } from '../errors/wechat-pay-configuration.error.js';
import { checkHosts } from '../options/check-hosts.js';
import { checkTimeouts } from '../options/check-timeouts.js';
import { kindOf } from '../options/kind-of.js';
import { OptionReport } from '../options/option-report.js';
import type { WechatPayModuleOptions } from '../wechat-pay.options.js';
import type { Merchant } from './merchant.js';
import { readMerchant, type Schemes } from './read-merchant.js';

/** The configured merchants by number. Making one checks all options, so that the module cannot start with wrong ones. */
export class MerchantRegistry {
  readonly #byNumber: ReadonlyMap<string, Merchant>;

  /**
   * @param options - what `forRoot` was given
   * @param schemes - what can be signed and verified
   * @throws {@link WechatPayConfigurationError} with every fault
   */
  constructor(options: WechatPayModuleOptions, schemes: Schemes) {
    const report = new OptionReport();
    const merchants = readOptions(options, report, schemes);
    if (report.issues.length > 0) throw new WechatPayConfigurationError(report.issues);
    this.#byNumber = new Map(merchants.map((merchant) => [merchant.mchid, merchant]));
  }

  /** The merchant with this number. */
  find(mchid: string): Merchant | undefined {
    return this.#byNumber.get(mchid);
  }

  /** The one merchant, where only one is configured. */
  get sole(): Merchant | undefined {
    const [first, ...others] = this.#byNumber.values();
    return others.length === 0 ? first : undefined;
  }

  /** Every number that is configured. */
  get numbers(): readonly string[] {
    return [...this.#byNumber.keys()];
  }
}

function readOptions(options: WechatPayModuleOptions, report: OptionReport, schemes: Schemes): Merchant[] {
  if (typeof options !== 'object' || options === null) {
    report.fault(`are ${kindOf(options)}; give forRoot({ merchants: [...] }), or return that from the factory`);
    return [];
  }
  report.refuseUnknown(options, ['merchants', 'hosts', 'allowOtherHosts', 'timeouts']);
  checkHosts(options, report);
  checkTimeouts(options, report.at('timeouts'));
  const { merchants } = options;
  const isList: boolean = Array.isArray(merchants);
  if (!isList || merchants.length === 0) {
    report.at('merchants').fault(`is ${isList ? 'empty' : kindOf(merchants)}; give an array of at least one merchant`);
    return [];
  }
  const read = merchants.map((merchant, index) => readMerchant(merchant, report.at('merchants').at(index), schemes));
  read.forEach((merchant, index) => {
    const first = read.findIndex((other) => other?.mchid === merchant?.mchid);
    if (merchant !== undefined && first < index) {
      report
        .at('merchants')
        .at(index)
        .at('mchid')
        .fault(`is the same as merchants[${first}].mchid; give each number once`);
    }
  });
  return read.filter((merchant) => merchant !== undefined);
}
