import type { Verifier } from '../../index.js';
import type { ConformanceCase } from '../conformance-case.js';
import { isKnown } from '../schemes.js';
import { believingCases } from './believing.cases.js';
import { inModuleCases } from './in-module.cases.js';
import { refusingCases } from './refusing.cases.js';
import type { VerifierConformanceOptions } from './verifier-conformance.options.js';
import { VerifierTrial } from './verifier-trial.js';

/**
 * All that a {@link Verifier} must do, as cases for any test runner: it believes right signatures over every kind of message, and
 * refuses each flipped bit, other keys, lengths, spellings and schemes; and in a real application that closes orders on the
 * emulator, what it does not clearly believe ends in doubt.
 *
 * Nest's logger is set to errors and warnings while the cases run.
 *
 * @param makeVerifier - makes the verifier with all that it injects
 * @param options - its scheme, and who signs in it
 * @throws TypeError if the scheme is not one of the three built-in ones and `makeSignatory` is missing
 * @example
 * ```ts
 * it.each(verifierConformance(() => new CountingVerifier(), { scheme: 'WECHATPAY2-SHA256-RSA2048' }))(
 *   '$name',
 *   ({ run }) => run(),
 * );
 * ```
 */
export function verifierConformance(
  makeVerifier: () => Verifier | Promise<Verifier>,
  options: VerifierConformanceOptions,
): readonly ConformanceCase[] {
  const { scheme, makeSignatory } = options;
  if (!isKnown(scheme) && makeSignatory === undefined) {
    throw new TypeError(`${scheme} is none of the built-in schemes; give options.makeSignatory.`);
  }
  const trial = new VerifierTrial(makeVerifier, options);
  return [...believingCases(trial), ...refusingCases(trial), ...inModuleCases(trial)];
}
