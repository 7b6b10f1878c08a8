import { setTimeout } from 'node:timers/promises';

import type { DoubtReason, SignatureEvidence } from '../../index.js';
import { DEFAULT_MERCHANT } from '../../emulator/index.js';
import type { ConformanceCase } from '../conformance-case.js';
import { handedVerifier } from '../stage/handed.js';
import { demandClosed, demandDoubt } from '../stage/outcome.js';
import type { Stage } from '../stage/stage.js';
import { withoutStrayRejections } from '../stray-rejections.js';
import { onVerifierStage } from './verifier-stage.js';
import type { VerifierTrial } from './verifier-trial.js';

/** Short, since a case waits for it in real time. */
const LIMIT_MS = 150;
const { mchid } = DEFAULT_MERCHANT;

/** What is not the one word that is believed. */
const OTHER_WORDS: readonly (readonly [what: string, word: unknown])[] = [
  ['1', 1],
  ["the text 'true'", 'true'],
  ['an object', {}],
  ['nothing', undefined],
];

/** What a verifier must do in an application. */
export function inModuleCases(trial: VerifierTrial): readonly ConformanceCase[] {
  return [
    { name: "believes WeChat Pay's reply, so that an order is reported closed", run: () => closes(trial) },
    { name: 'does not believe a reply that is signed wrongly', run: () => refusesForgery(trial) },
    { name: 'where it throws, the call ends in doubt', run: () => throws(trial) },
    ...OTHER_WORDS.map(([what, word]) => ({
      name: `where it says ${what} instead of true, the call ends in doubt`,
      run: () => saysOtherwise(trial, word),
    })),
    { name: 'where its verdict comes after the limit, the call ends in doubt', run: () => comesLate(trial) },
  ];
}

async function closes(trial: VerifierTrial): Promise<void> {
  await onVerifierStage(trial, handedVerifier(await trial.make()), async ({ emulator, close }) => {
    const { out_trade_no } = emulator.place({ out_trade_no: 'CONFORM100', mchid });
    await demandClosed(close(out_trade_no, mchid), 'the verifier does not believe a reply that is signed rightly.');
  });
}

async function refusesForgery(trial: VerifierTrial): Promise<void> {
  await onVerifierStage(trial, handedVerifier(await trial.make()), async (stage) => {
    stage.emulator.faults.add({ kind: 'wrongSignature' });
    // A verifier may also throw at it.
    await endsInDoubt(stage, 'signature').catch(() => endsInDoubt(stage, 'verifier'));
  });
}

async function throws(trial: VerifierTrial): Promise<void> {
  const verifier = await trial.make();
  const matches = async (evidence: SignatureEvidence) => {
    await verifier.matches(evidence);
    throw new Error('told to fail');
  };
  await withoutStrayRejections('The verifier', () =>
    onVerifierStage(trial, handedVerifier(verifier, matches), (stage) => endsInDoubt(stage, 'verifier')),
  );
}

async function saysOtherwise(trial: VerifierTrial, word: unknown): Promise<void> {
  const verifier = await trial.make();
  const matches = async (evidence: SignatureEvidence) => {
    await verifier.matches(evidence);
    return word;
  };
  await onVerifierStage(trial, handedVerifier(verifier, matches), (stage) => endsInDoubt(stage, 'signature'));
}

async function comesLate(trial: VerifierTrial): Promise<void> {
  const verifier = await trial.make();
  const matches = async (evidence: SignatureEvidence) => {
    const verdict = await verifier.matches(evidence);
    await setTimeout(2 * LIMIT_MS);
    return verdict;
  };
  const stage = handedVerifier(verifier, matches);
  await onVerifierStage(trial, stage, (played) => endsInDoubt(played, 'verifier'), LIMIT_MS);
}

async function endsInDoubt({ emulator, close }: Stage, reason: DoubtReason): Promise<void> {
  const { out_trade_no } = emulator.place({ out_trade_no: `CONFORM${100 + emulator.orders.length}`, mchid });
  await demandDoubt(close(out_trade_no, mchid), 'verify', reason);
}
