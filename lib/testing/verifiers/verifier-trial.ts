import { type SignatureEvidence, Verifier } from '../../index.js';
import { demand } from '../demand.js';
import { ending } from '../patience.js';
import { apiOf } from '../schemes.js';
import { ownSignatory } from './own-signatory.js';
import type { Signatory, VerifierConformanceOptions } from './verifier-conformance.options.js';

/** What all cases of one suite share: how to make the verifier, and who signs for it. */
export class VerifierTrial {
  readonly api: 'v2' | 'v3';
  readonly scheme: string;
  readonly #make: () => Verifier | Promise<Verifier>;
  readonly #makeSignatory: () => Signatory | Promise<Signatory>;
  #signatories: Promise<readonly [Signatory, Signatory]> | undefined;

  constructor(make: () => Verifier | Promise<Verifier>, options: VerifierConformanceOptions) {
    const { scheme, makeSignatory } = options;
    this.#make = make;
    this.#makeSignatory = makeSignatory ?? (() => ownSignatory(scheme));
    this.scheme = scheme;
    this.api = apiOf(scheme);
  }

  /** The verifier, new. */
  async make(): Promise<Verifier> {
    const verifier = await this.#make();
    demand(
      verifier instanceof Verifier,
      'makeVerifier gave no Verifier; extend the class Verifier of nestjs-wechatpay.',
    );
    return verifier;
  }

  /** Two who sign, with different keys: the same for all cases, since making keys takes a while. */
  async signatories(): Promise<readonly [Signatory, Signatory]> {
    this.#signatories ??= Promise.all([this.#makeSignatory(), this.#makeSignatory()]);
    return this.#signatories;
  }

  /** Makes sure that a right signature is believed. */
  async believe(verifier: Verifier, evidence: SignatureEvidence): Promise<void> {
    const verdict = await verdictOf(verifier, evidence);
    if ('error' in verdict) demand(false, 'The verifier failed at a right signature.', verdict.error);
    demand(verdict.value === true, 'The verifier does not say true to a right signature.');
  }

  /**
   * Makes sure that a wrong signature is not believed.
   *
   * @param what - what is wrong with it
   */
  async refuse(verifier: Verifier, evidence: SignatureEvidence, what: string): Promise<void> {
    const verdict = await verdictOf(verifier, evidence);
    demand('error' in verdict || verdict.value === false, `The verifier does not say false, nor throws, ${what}.`);
  }

  /** The bytes of a signature. */
  decode(signature: string): Buffer {
    return Buffer.from(signature, this.api === 'v2' ? 'hex' : 'base64');
  }

  /** A signature of these bytes. */
  encode(bytes: Buffer): string {
    return this.api === 'v2' ? bytes.toString('hex').toUpperCase() : bytes.toString('base64');
  }
}

function verdictOf(verifier: Verifier, evidence: SignatureEvidence) {
  return ending<unknown>(
    Promise.resolve().then(() => verifier.matches(evidence)),
    'matches',
  );
}
