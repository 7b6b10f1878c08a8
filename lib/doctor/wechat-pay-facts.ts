import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../environment/clock.js';
import { MerchantRegistry } from '../merchants/merchant.registry.js';
import { ClockSkew, type SeenSkew } from '../transport/clock-skew.js';
import { HostChoice } from '../transport/host-choice.js';
import { TransportSettings } from '../transport/transport-settings.js';
import { WECHAT_PAY_MODULE_OPTIONS } from '../wechat-pay.constants.js';
import type { WechatPayModuleOptions } from '../wechat-pay.options.js';
import { type Lifetime, lifetimeOf } from './certificate-facts.js';
import { givenMerchants } from './given-merchants.js';
import { testedHosts } from './self-test.js';

/** A platform certificate and how long it is valid. */
export interface CertificateFacts extends Lifetime {
  readonly serialNo: string;
}

/** What verifies replies to one merchant. */
export interface MerchantFacts {
  readonly mchid: string;
  /** How many public keys it believes, which do not expire. */
  readonly publicKeys: number;
  readonly certificates: readonly CertificateFacts[];
}

/** One host, and what was heard of it. */
export interface HostFacts {
  readonly origin: string;
  /** When it last gave an answer with a verified signature, in milliseconds; absent if it has given none. */
  readonly lastGoodReplyAt?: number | undefined;
}

/** What is known at a moment without asking anybody. */
export interface Facts {
  /** In milliseconds. */
  readonly now: number;
  /** When the keys were loaded, in milliseconds. */
  readonly keysLoadedAt: number;
  /** How many merchants are configured. */
  readonly merchants: number;
  /** Those of APIv3. */
  readonly apiV3: readonly MerchantFacts[];
  readonly hosts: readonly HostFacts[];
  /** What the latest APIv3 reply showed of this machine's clock. */
  readonly skew?: SeenSkew | undefined;
}

/** Keeps what a health check wants to know: keys, when they expire, the clock, and what was last heard of each host. */
@Injectable()
export class WechatPayFacts {
  readonly #keysLoadedAt: number;
  readonly #apiV3: readonly MerchantFacts[];

  constructor(
    @Inject(WECHAT_PAY_MODULE_OPTIONS) options: WechatPayModuleOptions,
    @Inject(MerchantRegistry) private readonly merchants: MerchantRegistry,
    @Inject(TransportSettings) private readonly settings: TransportSettings,
    @Inject(HostChoice) private readonly hosts: HostChoice,
    @Inject(ClockSkew) private readonly skew: ClockSkew,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    this.#keysLoadedAt = clock.now();
    this.#apiV3 = givenMerchants(options)
      .filter(({ serialNo }) => serialNo !== undefined)
      .map(({ mchid = '', publicKeys, certificates }) => ({
        mchid,
        publicKeys,
        certificates: certificates.map(({ certificate }) => ({
          serialNo: certificate.serialNumber,
          ...lifetimeOf(certificate),
        })),
      }));
  }

  /** What is known now. It takes no time, and asks nobody. */
  read(): Facts {
    const hosts = testedHosts(this.settings).map(({ origin }) => ({
      origin,
      lastGoodReplyAt: this.hosts.answeredAt(origin),
    }));
    return {
      now: this.clock.now(),
      keysLoadedAt: this.#keysLoadedAt,
      merchants: this.merchants.numbers.length,
      apiV3: this.#apiV3,
      hosts,
      skew: this.skew.last,
    };
  }
}
