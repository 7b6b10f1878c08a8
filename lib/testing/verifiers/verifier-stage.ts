import type { Type } from '@nestjs/common';

import type { Verifier } from '../../index.js';
import { DEFAULT_MERCHANT } from '../../emulator/index.js';
import { RSA } from '../schemes.js';
import { onStage, type Stage, type StageParts, stageKeys } from '../stage/stage.js';
import { standInFor } from '../stage/stand-in.js';
import type { VerifierTrial } from './verifier-trial.js';

/**
 * Puts up an application whose replies the verifier judges, and an emulator that signs them.
 *
 * @param trial - the suite
 * @param verifier - its class
 * @param play - what happens
 * @param attemptMs - the limit of each step of an attempt
 */
export async function onVerifierStage(
  trial: VerifierTrial,
  verifier: Type<Verifier>,
  play: (stage: Stage) => Promise<void>,
  attemptMs?: number,
): Promise<void> {
  const { scheme } = trial;
  const parts = trial.api === 'v2' || scheme === RSA ? knownParts() : await unknownParts(trial);
  const limit = attemptMs === undefined ? {} : { attemptMs };
  await onStage({ scheme, verifiers: [verifier], ...parts, ...limit }, play);
}

type Parts = Pick<StageParts, 'emulated' | 'merchants' | 'schemes' | 'signers'>;

/** The emulator signs by itself. */
function knownParts(): Parts {
  return { emulated: [DEFAULT_MERCHANT], merchants: (emulator) => emulator.options().merchants };
}

/** The signatory signs for the emulator. */
async function unknownParts(trial: VerifierTrial): Promise<Parts> {
  const { scheme } = trial;
  const { serial } = stageKeys().publicKey;
  const [signatory] = await trial.signatories();
  const standIn = standInFor(scheme);
  return {
    emulated: [DEFAULT_MERCHANT],
    signers: [standIn.signer],
    merchants: (emulator) =>
      emulator.credentials.merchants.map(({ mchid, serialNo }) => ({
        mchid,
        apiV3: { scheme, serialNo, publicKeys: { [serial]: signatory.key } },
      })),
    schemes: [{ scheme, serial, sign: (message) => signatory.sign(message), verify: standIn.verify }],
  };
}
