import { FlowSettings } from '../close-order/flow-settings.js';
import { WechatPayConfigurationError } from '../errors/wechat-pay-configuration.error.js';
import type { Merchant } from '../merchants/merchant.js';
import { MerchantRegistry } from '../merchants/merchant.registry.js';
import { readMerchant, type Schemes } from '../merchants/read-merchant.js';
import { checkHosts } from '../options/check-hosts.js';
import { checkFlow } from '../options/check-flow.js';
import { checkProxy } from '../options/check-proxy.js';
import { kindOf } from '../options/kind-of.js';
import { OptionReport } from '../options/option-report.js';
import { TransportSettings } from '../transport/transport-settings.js';
import type { WechatPayModuleOptions } from '../wechat-pay.options.js';

const OPTIONS: readonly (keyof WechatPayModuleOptions)[] = [
  'merchants',
  'hosts',
  'allowOtherHosts',
  'failover',
  'proxy',
  'timeouts',
  'retry',
  'confirm',
];

/** What the options come to once they are checked and their keys are parsed. Printing it shows no key. */
export class WechatPaySettings {
  constructor(
    readonly merchants: MerchantRegistry,
    readonly transport: TransportSettings,
    readonly flow: FlowSettings,
  ) {}
}

/**
 * Checks all options and parses all keys, so that the module cannot start with wrong ones.
 *
 * @param options - what `forRoot` was given; nothing is taken for granted
 * @param schemes - what can be signed and verified
 * @throws {@link WechatPayConfigurationError} with every fault
 */
export function readSettings(options: WechatPayModuleOptions, schemes: Schemes): WechatPaySettings {
  const report = new OptionReport();
  const merchants = readOptions(options, report, schemes);
  if (report.issues.length > 0) throw new WechatPayConfigurationError(report.issues);
  return new WechatPaySettings(
    new MerchantRegistry(merchants),
    new TransportSettings(options),
    new FlowSettings(options),
  );
}

function readOptions(options: WechatPayModuleOptions, report: OptionReport, schemes: Schemes): Merchant[] {
  if (typeof options !== 'object' || options === null) {
    report.fault(`are ${kindOf(options)}; give forRoot({ merchants: [...] }), or return that from the factory`);
    return [];
  }
  report.refuseUnknown(options, OPTIONS);
  checkHosts(options, report);
  checkProxy(options, report);
  checkFlow(options, report);
  return readMerchants(options, report.at('merchants'), schemes);
}

function readMerchants({ merchants }: WechatPayModuleOptions, report: OptionReport, schemes: Schemes): Merchant[] {
  const isList: boolean = Array.isArray(merchants);
  if (!isList || merchants.length === 0) {
    report.fault(`is ${isList ? 'empty' : kindOf(merchants)}; give an array of at least one merchant`);
    return [];
  }
  const read = merchants.map((merchant, index) => readMerchant(merchant, report.at(index), schemes));
  read.forEach((merchant, index) => {
    const first = read.findIndex((other) => other?.mchid === merchant?.mchid);
    if (merchant !== undefined && first < index) {
      report.at(index).at('mchid').fault(`is the same as merchants[${first}].mchid; give each number once`);
    }
  });
  return read.filter((merchant) => merchant !== undefined);
}
