import type { KeyObject } from 'node:crypto';

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
  const { serial, publicKey } = stageKeys().publicKey;
  const { scheme } = trial;
  const identities = merchants.map((merchant) => ({ ...trial.identityOf(merchant), checkKey: merchant.checkKey }));
  const parts = {
    emulated: identities.map(({ mchid, serialNo = '' }) => ({ mchid, serialNo })),
    merchants: () =>
      identities.map(({ mchid, serialNo = '', key }) => ({
        mchid,
        apiV3: { scheme, serialNo, ...(key && { privateKey: key }), publicKeys: { [serial]: publicKey } },
      })),
  };
  if (scheme === RSA) {
    const emulated = identities.map(({ mchid, serialNo = '', checkKey }) => ({
      mchid,
      serialNo,
      publicKey: pemOf(checkKey),
    }));
    return { ...parts, emulated };
  }
  const { sign, verifier } = standInFor(scheme);
  const verify = (message: Uint8Array, signature: string, mchid: string) =>
    merchants.some((merchant) => merchant.mchid === mchid && trial.verify(message, signature, merchant));
  return { ...parts, verifiers: [verifier], schemes: [{ scheme, serial, sign, verify }] };
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}
