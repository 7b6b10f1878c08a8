import { createPublicKey, sign } from 'node:crypto';

import type { Type } from '@nestjs/common';

import type { MerchantOptions, Signer, Verifier } from '../../index.js';
import { DEFAULT_MERCHANT, type EmulatorMerchantOptions, type EmulatorScheme } from '../../emulator/index.js';
import { RSA } from '../schemes.js';
import { onStage, type Stage, stageKeys } from '../stage/stage.js';
import { standInFor } from '../stage/stand-in.js';
import type { SignerTrial } from './signer-trial.js';
import type { SigningMerchant } from './signer-conformance.options.js';

/** A stage, and the merchants who act on it. */
export interface SignerStage extends Stage {
  readonly merchants: readonly [SigningMerchant, ...SigningMerchant[]];
}

/**
 * Puts up an application whose requests the signer signs, and an emulator that checks them with the merchants' keys.
 *
 * @param trial - the suite
 * @param signer - its class
 * @param play - what happens
 * @param attemptMs - the limit of each step of an attempt
 */
export async function onSignerStage(
  trial: SignerTrial,
  signer: Type<Signer>,
  play: (stage: SignerStage) => Promise<void>,
  attemptMs?: number,
): Promise<void> {
  const merchants = await trial.merchants();
  const parts = trial.api === 'v2' ? v2Parts(merchants) : v3Parts(trial, merchants);
  const limit = attemptMs === undefined ? {} : { attemptMs };
  await onStage({ scheme: trial.scheme, signers: [signer], ...parts, ...limit }, (stage) =>
    play({ ...stage, merchants }),
  );
}

interface Parts {
  readonly emulated: readonly EmulatorMerchantOptions[];
  readonly merchants: () => readonly MerchantOptions[];
  readonly verifiers?: readonly Type<Verifier>[];
  readonly schemes?: readonly EmulatorScheme[];
}

function v2Parts(merchants: readonly SigningMerchant[]): Parts {
  const { appid = '' } = DEFAULT_MERCHANT;
  return {
    emulated: merchants.map(({ mchid, checkKey }) => ({ mchid, appid, apiV2Key: checkKey.export().toString() })),
    merchants: () => merchants.map(({ mchid, checkKey }) => ({ mchid, appid, apiV2: { key: checkKey } })),
  };
}

function v3Parts(trial: SignerTrial, merchants: readonly SigningMerchant[]): Parts {
  const { serial, privateKey } = stageKeys().publicKey;
  const { scheme } = trial;
  const standIn = scheme === RSA ? undefined : standInFor(scheme);
  const serialOf = (merchant: SigningMerchant) => trial.identityOf(merchant).serialNo ?? '';
  return {
    emulated: merchants.map((merchant) => ({ mchid: merchant.mchid, serialNo: serialOf(merchant) })),
    merchants: () =>
      merchants.map((merchant) => ({
        mchid: merchant.mchid,
        apiV3: {
          scheme,
          serialNo: serialOf(merchant),
          ...(merchant.key && { privateKey: merchant.key }),
          publicKeys: { [serial]: createPublicKey(privateKey) },
        },
      })),
    verifiers: standIn === undefined ? [] : [standIn.verifier],
    schemes: [
      {
        scheme,
        serial,
        sign: standIn?.sign ?? ((message) => sign('RSA-SHA256', message, privateKey).toString('base64')),
        verify: (message, signature, mchid) =>
          merchants.some((merchant) => merchant.mchid === mchid && trial.verify(message, signature, merchant)),
      },
    ],
  };
}
