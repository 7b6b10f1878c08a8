import type { Signer } from '../../index.js';
import type { ConformanceCase } from '../conformance-case.js';
import { isKnown } from '../schemes.js';
import { aloneCases } from './alone.cases.js';
import { inModuleCases } from './in-module.cases.js';
import type { SignerConformanceOptions } from './signer-conformance.options.js';
import { SignerTrial } from './signer-trial.js';

/**
 * All that a {@link Signer} must do, as cases for any test runner: right signatures over every kind of message, many at once, each
 * with the right key; and in a real application that closes orders on the emulator, doubt with nothing sent where it fails, is
 * slow, is no longer waited for, or gives something that is no signature. No case needs the network, except what the signer itself
 * asks. Each case makes a signer of its own, and ends within 5 s.
 *
 * Nest's logger is set to errors and warnings while the cases run.
 *
 * @param makeSigner - makes the signer with all that it injects
 * @param options - what it signs for, and how to see that it is right
 * @throws TypeError if the scheme is not one of the three built-in ones and `verify` or `merchants` is missing
 * @example
 * ```ts
 * // Jest and Vitest
 * it.each(signerConformance(() => new KmsSigner(kms), { scheme: 'WECHATPAY2-SHA256-RSA2048', merchants }))(
 *   '$name',
 *   ({ run }) => run(),
 * );
 * // node:test
 * for (const { name, run } of signerConformance(makeSigner, options)) test(name, run);
 * ```
 */
export function signerConformance(
  makeSigner: () => Signer | Promise<Signer>,
  options: SignerConformanceOptions,
): readonly ConformanceCase[] {
  const { scheme, verify, merchants } = options;
  if (!isKnown(scheme) && (verify === undefined || merchants === undefined)) {
    throw new TypeError(`${scheme} is none of the built-in schemes; give options.verify and options.merchants.`);
  }
  const trial = new SignerTrial(makeSigner, options);
  return [...aloneCases(trial), ...inModuleCases(trial)];
}
