export type { ConformanceCase } from './conformance-case.js';
export { signerConformance } from './signers/signer-conformance.js';
export type { SignerConformanceOptions, SigningMerchant } from './signers/signer-conformance.options.js';
export { verifierConformance } from './verifiers/verifier-conformance.js';
export type { Signatory, VerifierConformanceOptions } from './verifiers/verifier-conformance.options.js';
