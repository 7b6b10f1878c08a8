import { FlowSettings } from '../close-order/flow-settings.js';
import { WechatPayConfigurationError } from '../errors/wechat-pay-configuration.error.js';
import type { Merchant } from '../merchants/merchant.js';
import { MerchantCacheSettings } from '../merchants/merchant-cache-settings.js';
import { MerchantRegistry } from '../merchants/merchant.registry.js';
import type { MerchantSource } from '../merchants/merchant-source.js';
import { readMerchant, type Schemes } from '../merchants/read-merchant.js';
import { checkHosts } from '../options/check-hosts.js';
import { checkFlow } from '../options/check-flow.js';
import { checkLogging } from '../options/check-logging.js';
import { checkMerchantCache } from '../options/check-merchant-cache.js';
import { checkProxy } from '../options/check-proxy.js';
import { kindOf } from '../options/kind-of.js';
import { OptionReport } from '../options/option-report.js';
import { TransportSettings } from '../transport/transport-settings.js';
import type { WechatPayModuleOptions } from '../wechat-pay.options.js';

const OPTIONS: readonly (keyof WechatPayModuleOptions)[] = [
  'merchants',
  'merchantCache',
  'hosts',
  'allowOtherHosts',
  'failover',
  'proxy',
  'timeouts',
  'retry',
  'confirm',
  'logging',
];

/** What the options come to once they are checked and their keys are parsed. Printing it shows no key. */
export class WechatPaySettings {
  constructor(
    readonly merchants: MerchantRegistry,
    readonly merchantCache: MerchantCacheSettings,
    readonly transport: TransportSettings,
    readonly flow: FlowSettings,
    readonly logging: NonNullable<WechatPayModuleOptions['logging']>,
  ) {}
}

/**
 * Checks all options and parses all keys, so that the module cannot start with wrong ones.
 *
 * @param options - what `forRoot` was given; nothing is taken for granted
 * @param schemes - what can be signed and verified
 * @param source - finds merchants that are not listed, if there is one
 * @throws {@link WechatPayConfigurationError} with every fault
 */
export function readSettings(
  options: WechatPayModuleOptions,
  schemes: Schemes,
  source?: MerchantSource | null,
): WechatPaySettings {
  const report = new OptionReport();
  const hasSource = source !== null && source !== undefined;
  if (hasSource && !isSource(source)) {
    report.at('merchantSource').fault('has no method find(mchid); extend MerchantSource');
  }
  const merchants = safely(() => readOptions(options, report, schemes, hasSource), report);
  if (report.issues.length > 0) throw new WechatPayConfigurationError(report.issues);
  return new WechatPaySettings(
    new MerchantRegistry(merchants),
    new MerchantCacheSettings(options),
    new TransportSettings(options),
    new FlowSettings(options),
    options.logging ?? 'log',
  );
}

/** A getter or a proxy of the application's may throw. What it throws is not told on: it may hold a key. */
function safely(read: () => Merchant[], report: OptionReport): Merchant[] {
  try {
    return read();
  } catch {
    report.fault('cannot be read: a getter or proxy among them fails; give plain objects');
    return [];
  }
}

/** What a factory of the application's makes may be anything. */
function isSource(source: unknown): boolean {
  return typeof source === 'object' && source !== null && 'find' in source && typeof source.find === 'function';
}

function readOptions(
  options: WechatPayModuleOptions,
  report: OptionReport,
  schemes: Schemes,
  hasSource: boolean,
): Merchant[] {
  if (typeof options !== 'object' || options === null) {
    report.fault(`are ${kindOf(options)}; give forRoot({ merchants: [...] }), or return that from the factory`);
    return [];
  }
  report.refuseUnknown(options, OPTIONS);
  checkHosts(options, report);
  checkProxy(options, report);
  checkFlow(options, report);
  checkLogging(options, report);
  checkMerchantCache(options, hasSource, report);
  if (hasSource && options.merchants === undefined) return [];
  return readMerchants(options.merchants, report.at('merchants'), schemes, hasSource);
}

function readMerchants(
  merchants: WechatPayModuleOptions['merchants'],
  report: OptionReport,
  schemes: Schemes,
  mayBeEmpty: boolean,
): Merchant[] {
  const isList: boolean = Array.isArray(merchants);
  if (merchants === undefined || !isList || (merchants.length === 0 && !mayBeEmpty)) {
    report.fault(
      `is ${isList ? 'empty' : kindOf(merchants)}; give an array of at least one merchant, or a merchantSource beside the options`,
    );
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
