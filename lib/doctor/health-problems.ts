import { CLOCK_WINDOW_SECONDS } from '../wechat-pay.constants.js';
import { dateOf, validityOf } from './certificate-facts.js';
import type { Facts, MerchantFacts } from './wechat-pay-facts.js';

/** Something that does not let closes succeed, or soon will not. */
export interface HealthProblem {
  /** Whether closes fail already. */
  readonly isDown: boolean;
  /** One sentence. */
  readonly message: string;
}

/**
 * What is wrong, going by the facts alone: a clock that is too far off, and merchants whose replies cannot be verified, or
 * soon cannot.
 *
 * @param facts - of the moment
 */
export function healthProblems(facts: Facts): readonly HealthProblem[] {
  return [...clockProblems(facts), ...facts.apiV3.flatMap((merchant) => certificateProblems(merchant, facts.now))];
}

function clockProblems({ skew }: Facts): readonly HealthProblem[] {
  if (skew === undefined || Math.abs(skew.seconds) <= CLOCK_WINDOW_SECONDS) return [];
  const direction = skew.seconds > 0 ? 'ahead of' : 'behind';
  const message = `This machine's clock is ${Math.abs(skew.seconds)} s ${direction} WeChat Pay's; no signature is accepted.`;
  return [{ isDown: true, message }];
}

function certificateProblems(
  { mchid, publicKeys, certificates }: MerchantFacts,
  now: number,
): readonly HealthProblem[] {
  const usable = publicKeys + certificates.filter((certificate) => isUsable(validityOf(certificate, now))).length;
  const isDown = usable === 0 && certificates.length > 0;
  return certificates.flatMap((certificate) => {
    const what = `Platform certificate ${certificate.serialNo} of merchant ${mchid}`;
    switch (validityOf(certificate, now)) {
      case 'valid':
        return [];
      case 'endsSoon':
        return [{ isDown: false, message: `${what} expires on ${dateOf(certificate.to)}.` }];
      case 'ended':
        return [{ isDown, message: `${what} expired on ${dateOf(certificate.to)}.` }];
      case 'notYet':
        return [{ isDown, message: `${what} is valid from ${dateOf(certificate.from)} on.` }];
    }
  });
}

function isUsable(validity: ReturnType<typeof validityOf>): boolean {
  return validity === 'valid' || validity === 'endsSoon';
}
