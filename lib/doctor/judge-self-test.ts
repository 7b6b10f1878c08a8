import type { ExchangeResult, VerifiedAnswer } from '../answers/exchange-result.js';
import { CLOCK_WINDOW_SECONDS } from '../wechat-pay.constants.js';
import type { Finding } from './finding.js';
import { type SelfTest, severityOf } from './self-test.js';
import { silenceFinding } from './silence-findings.js';
import { unverifiedFinding } from './unverified-findings.js';

/**
 * Says what a self-test has shown. A verified answer proves both ways at once, whatever it says: WeChat Pay signs only for a
 * caller whose own signature it has verified.
 *
 * @param result - what came of the exchange
 * @param test - which request
 */
export function judgeSelfTest(result: ExchangeResult, test: SelfTest): readonly Finding[] {
  return [...clockFindings(result), ...answerFindings(result, test)];
}

function answerFindings(result: ExchangeResult, test: SelfTest): readonly Finding[] {
  switch (result.kind) {
    case 'silence':
      return [silenceFinding(result.doubt, test)];
    case 'unverified':
      // A clock that is this far off explains a refusal and a wrong time by itself.
      return isClockFault(result) ? [] : [unverifiedFinding(result, test)];
    case 'verified':
      return [verifiedFinding(result, test)];
  }
}

function verifiedFinding(result: VerifiedAnswer, test: SelfTest): Finding {
  const { api, mchid, origin } = test;
  const { code, status } = result.answer.value;
  if (test.isMine(result)) {
    const message = `${api} signing and verification work both ways for merchant ${mchid} at ${origin}.`;
    return { severity: 'info', code: 'selfTestPassed', merchant: mchid, message, remedy: '' };
  }
  if (code === undefined) {
    const message = `An answer of ${origin} is signed, but does not repeat what was sent: it answers another request.`;
    const remedy = 'Look for a cache in between that answers with replies to others.';
    return { severity: severityOf(test), code: 'otherAnswer', message, remedy };
  }
  const message = `${api} signing and verification work both ways for merchant ${mchid} at ${origin}; the self-test itself was answered with ${code} (HTTP ${status}).`;
  return { severity: 'info', code: 'selfTestAnswered', merchant: mchid, message, remedy: '' };
}

function clockFindings(result: ExchangeResult): readonly Finding[] {
  const skew = skewOf(result);
  if (skew === undefined) return [];
  const isTooFar = Math.abs(skew) > CLOCK_WINDOW_SECONDS;
  const direction = skew > 0 ? 'ahead of' : 'behind';
  return [
    {
      severity: isTooFar ? 'error' : 'warning',
      code: 'clockSkew',
      message: `This machine's clock is ${Math.abs(skew)} s ${direction} WeChat Pay's${isTooFar ? ', so that every signature is refused' : ''}; ${CLOCK_WINDOW_SECONDS} s are allowed.`,
      remedy: 'Set the clock, and keep it set by NTP (timedatectl set-ntp true, or chrony).',
    },
  ];
}

function isClockFault(result: ExchangeResult): boolean {
  const skew = skewOf(result);
  const isTooFar = skew !== undefined && Math.abs(skew) > CLOCK_WINDOW_SECONDS;
  return isTooFar && result.kind === 'unverified' && (result.answer.status === 401 || result.doubt.reason === 'time');
}

function skewOf(result: ExchangeResult): number | undefined {
  if (result.kind === 'silence') return undefined;
  return result.kind === 'verified' ? result.answer.value.clockSkew : result.answer.clockSkew;
}
