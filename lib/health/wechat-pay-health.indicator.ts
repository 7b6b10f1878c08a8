import { Inject, Injectable } from '@nestjs/common';
import { type HealthIndicatorResult, HealthIndicatorService } from '@nestjs/terminus';

import { healthProblems } from '../doctor/health-problems.js';
import { WechatPayFacts } from '../doctor/wechat-pay-facts.js';
import { type HealthDetails, healthDetails } from './health-details.js';

/**
 * Says to @nestjs/terminus whether closes can succeed, from what is known anyway: it asks nobody and takes no time, so a
 * probe may call it every second. It is down while this machine's clock is more than 300 s from WeChat Pay's, and while a
 * merchant has platform certificates of which none is valid. A host that is quiet, or in trouble, does not make it down,
 * since a restart of the application would not help.
 *
 * @example
 * ```ts
 * @Module({ imports: [TerminusModule], controllers: [HealthController], providers: [WechatPayHealthIndicator] })
 * export class HealthModule {}
 * ```
 */
@Injectable()
export class WechatPayHealthIndicator {
  constructor(
    @Inject(HealthIndicatorService) private readonly health: HealthIndicatorService,
    @Inject(WechatPayFacts) private readonly facts: WechatPayFacts,
  ) {}

  /**
   * The health of this moment.
   *
   * @param key - how terminus names it in its answer
   * @returns up or down, with {@link HealthDetails}; nothing secret
   */
  isHealthy(key = 'wechatPay'): HealthIndicatorResult<string, 'up' | 'down', HealthDetails> {
    const facts = this.facts.read();
    const problems = healthProblems(facts);
    const indicator = this.health.check(key);
    const details = healthDetails(facts, problems);
    return problems.some(({ isDown }) => isDown) ? indicator.down({ ...details }) : indicator.up({ ...details });
  }
}
