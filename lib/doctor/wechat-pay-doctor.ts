import { Inject, Injectable } from '@nestjs/common';
import { lastValueFrom } from 'rxjs';

import { Clock } from '../environment/clock.js';
import { MerchantRegistry } from '../merchants/merchant.registry.js';
import { WECHAT_PAY_MODULE_OPTIONS } from '../wechat-pay.constants.js';
import type { CertificateInput, WechatPayModuleOptions } from '../wechat-pay.options.js';
import { examineOptions } from './examine-options.js';
import { type Finding, worstFirst } from './finding.js';
import { OnlineExaminer } from './online-examiner.js';

/** What the doctor looks at. */
export interface Examination {
  /**
   * Whether WeChat Pay is asked, too. That proves signing and verification both ways with its self-test, which touches no
   * order; it takes some signed requests for each merchant.
   *
   * @default false
   */
  readonly online?: boolean;
  /**
   * Certificates of the merchants themselves (`apiclient_cert.pem`), which nothing else needs. With them, it is seen
   * without asking anybody whether serial number and private key belong together, and when the certificate expires.
   *
   * @default []
   */
  readonly certificates?: readonly CertificateInput[];
}

/** Examines the configuration of a module that has started, and says in plain words what is wrong and what to do. */
@Injectable()
export class WechatPayDoctor {
  /** They hold keys, so they are not printed with the doctor. */
  readonly #options: WechatPayModuleOptions;

  constructor(
    @Inject(WECHAT_PAY_MODULE_OPTIONS) options: WechatPayModuleOptions,
    @Inject(MerchantRegistry) private readonly merchants: MerchantRegistry,
    @Inject(OnlineExaminer) private readonly online: OnlineExaminer,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    this.#options = options;
  }

  /**
   * Examines the configuration.
   *
   * @param examination - what to look at
   * @returns what was found, the worst first; nothing that is secret
   */
  async examine({ online = false, certificates = [] }: Examination = {}): Promise<readonly Finding[]> {
    const offline = examineOptions(this.#options, { issues: [], certificates, now: this.clock.now() });
    if (!online) return offline;
    const merchants = this.merchants.numbers.flatMap((number) => this.merchants.find(number) ?? []);
    return worstFirst([...offline, ...(await lastValueFrom(this.online.examine(merchants), { defaultValue: [] }))]);
  }
}
