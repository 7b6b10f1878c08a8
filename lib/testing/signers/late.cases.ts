import { setTimeout } from 'node:timers/promises';

import type { SigningIdentity } from '../../index.js';
import type { ConformanceCase } from '../conformance-case.js';
import { demand } from '../demand.js';
import { ending, turns, until } from '../patience.js';
import { handedSigner } from '../stage/handed.js';
import { demandDoubt } from '../stage/outcome.js';
import { withoutStrayRejections } from '../stray-rejections.js';
import { onSignerStage, type SignerStage } from './signer-stage.js';
import type { SignerTrial } from './signer-trial.js';

/** Short, since the cases wait for it in real time. */
const LIMIT_MS = 150;
const NOT_STOPPED = 'It was told to stop by identity.signal, and sign';

/** What happens where a signer takes too long, or is no longer waited for. */
export function lateCases(trial: SignerTrial): readonly ConformanceCase[] {
  const { makeStuck } = trial;
  const always = [
    { name: 'where its signature comes after the limit, it is not used', run: () => comesLate(trial) },
    {
      name: 'where the caller leaves at once, nothing is sent and nothing is left behind',
      run: () => callerLeaves(trial),
    },
  ];
  if (makeStuck === undefined) return always;
  return [
    ...always,
    {
      name: 'where its backend keeps silent, the call ends at the limit, and the signer stops',
      run: () => staysStuck(trial, makeStuck),
    },
    {
      name: 'where its backend keeps silent and the caller leaves, the signer stops',
      run: () => isLeftStuck(trial, makeStuck),
    },
  ];
}

interface Asked {
  readonly signature: Promise<unknown>;
  readonly signal: AbortSignal | undefined;
}

/** Keeps what a signer is asked, so that a case can follow it. */
async function watched(
  trial: SignerTrial,
  make: SignerTrial['makeStuck'],
  play: (stage: SignerStage, asked: readonly Asked[]) => Promise<void>,
  attemptMs?: number,
): Promise<void> {
  const signer = await (make === undefined ? trial.make() : make());
  const asked: Asked[] = [];
  const sign = (message: string, identity: SigningIdentity) => {
    const signature = Promise.resolve().then(() => signer.sign(message, identity));
    asked.push({ signature, signal: identity.signal });
    return signature;
  };
  await withoutStrayRejections('The signer', () =>
    onSignerStage(trial, handedSigner(signer, sign), (stage) => play(stage, asked), attemptMs),
  );
}

async function comesLate(trial: SignerTrial): Promise<void> {
  const signer = await trial.make();
  const slow = async (message: string, identity: SigningIdentity) => {
    const signature = await signer.sign(message, identity);
    await setTimeout(2 * LIMIT_MS);
    return signature;
  };
  await onSignerStage(
    trial,
    handedSigner(signer, slow),
    async ({ emulator, close, merchants: [{ mchid }] }) => {
      const { out_trade_no } = emulator.place({ out_trade_no: 'CONFORM100', mchid });
      await demandDoubt(close(out_trade_no, mchid), 'notSent', 'signer');
      await setTimeout(2 * LIMIT_MS);
      demand(emulator.requests.length === 0, 'A request was sent although its signature came too late.');
    },
    LIMIT_MS,
  );
}

async function callerLeaves(trial: SignerTrial): Promise<void> {
  await watched(trial, undefined, async ({ emulator, close, merchants: [{ mchid }] }, asked) => {
    const { out_trade_no } = emulator.place({ out_trade_no: 'CONFORM100', mchid });
    close(out_trade_no, mchid).subscribe().unsubscribe();
    await Promise.all(asked.map(({ signature }) => ending(signature, 'sign, whose caller had left,')));
    await turns();
    demand(emulator.requests.length === 0, 'A request was sent although nobody waited for it.');
  });
}

async function staysStuck(trial: SignerTrial, make: SignerTrial['makeStuck']): Promise<void> {
  await watched(
    trial,
    make,
    async ({ emulator, close, merchants: [{ mchid }] }, asked) => {
      const { out_trade_no } = emulator.place({ out_trade_no: 'CONFORM100', mchid });
      await demandDoubt(close(out_trade_no, mchid), 'notSent', 'signer');
      await demandStopped(asked);
      demand(emulator.requests.length === 0, 'A request was sent although there was no signature.');
    },
    LIMIT_MS,
  );
}

async function isLeftStuck(trial: SignerTrial, make: SignerTrial['makeStuck']): Promise<void> {
  await watched(trial, make, async ({ emulator, close, merchants: [{ mchid }] }, asked) => {
    const { out_trade_no } = emulator.place({ out_trade_no: 'CONFORM100', mchid });
    const subscription = close(out_trade_no, mchid).subscribe();
    await until(() => asked.length > 0, 'The signer was not asked.');
    await turns();
    subscription.unsubscribe();
    await demandStopped(asked);
    demand(emulator.requests.length === 0, 'A request was sent although nobody waited for it.');
  });
}

async function demandStopped(asked: readonly Asked[]): Promise<void> {
  demand(
    asked.every(({ signal }) => signal?.aborted === true),
    'The signer was not told to stop.',
  );
  const ends = await Promise.all(asked.map(({ signature }) => ending(signature, NOT_STOPPED)));
  demand(
    ends.every((end) => 'error' in end),
    'The signer whose backend keeps silent gave a signature; makeStuck must make one that gets no answer.',
  );
}
