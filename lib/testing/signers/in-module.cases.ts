import type { Signer, SigningIdentity } from '../../index.js';
import type { ConformanceCase } from '../conformance-case.js';
import { demand } from '../demand.js';
import { ending, turns } from '../patience.js';
import { demandNoSecret } from '../secrets.js';
import { handedSigner } from '../stage/handed.js';
import { demandClosed, demandDoubt } from '../stage/outcome.js';
import { withoutStrayRejections } from '../stray-rejections.js';
import { lateCases } from './late.cases.js';
import { onSignerStage, type SignerStage } from './signer-stage.js';
import type { SignerTrial } from './signer-trial.js';

const AT_ONCE = 20;
const REFUSED = 'WeChat Pay does not take the signature, or the signer gave none.';

/** What is no signature, and must never be sent. */
const JUNK: readonly (readonly [what: string, junk: unknown])[] = [
  ['an empty text', ''],
  ['a text that is no base64', 'no base64!'],
  ['a text with a line break', 'QUJD\r\nX-Other: 1'],
  ['bytes', Buffer.from('signature')],
  ['nothing', undefined],
];

/** What a signer must do in an application. */
export function inModuleCases(trial: SignerTrial): readonly ConformanceCase[] {
  return [
    { name: 'closes an order of each merchant', run: () => closes(trial) },
    { name: `closes ${AT_ONCE} orders at once`, run: () => closesAtOnce(trial) },
    {
      name: 'where it cannot sign, the call ends in doubt, nothing is sent and no secret comes out',
      run: () => fails(trial),
    },
    {
      name: 'where its error holds a secret, the secret does not come out',
      run: () => failsIndiscreetly(trial),
    },
    ...JUNK.map(([what, junk]) => ({
      name: `where it gives ${what}, the call ends in doubt and nothing is sent`,
      run: () => givesJunk(trial, junk),
    })),
    ...lateCases(trial),
  ];
}

async function closes(trial: SignerTrial): Promise<void> {
  await onSignerStage(trial, handedSigner(await trial.make()), async ({ emulator, close, merchants }) => {
    await Promise.all(
      merchants.map(({ mchid }, index) => {
        const { out_trade_no } = emulator.place({ out_trade_no: `CONFORM${100 + index}`, mchid });
        return demandClosed(close(out_trade_no, mchid), REFUSED);
      }),
    );
  });
}

async function closesAtOnce(trial: SignerTrial): Promise<void> {
  await onSignerStage(trial, handedSigner(await trial.make()), async ({ emulator, close, merchants }) => {
    const calls = Array.from({ length: AT_ONCE }, (_, index) => {
      const { mchid } = merchants[index % merchants.length] ?? merchants[0];
      const { out_trade_no } = emulator.place({ out_trade_no: `CONFORM${100 + index}`, mchid });
      return demandClosed(close(out_trade_no, mchid), REFUSED);
    });
    await Promise.all(calls);
  });
}

/** The call ends in doubt because of the signer, with nothing sent and nothing secret told. */
async function demandNotSent(
  trial: SignerTrial,
  { emulator, close, merchants: [{ mchid }] }: SignerStage,
): Promise<void> {
  const { out_trade_no } = emulator.place({ out_trade_no: 'CONFORM100', mchid });
  const error = await demandDoubt(close(out_trade_no, mchid), 'notSent', 'signer');
  await turns();
  demand(emulator.requests.length === 0, 'A request was sent although there was no signature.');
  demandNoSecret(error, 'the error of the call', await trial.secrets());
}

async function fails(trial: SignerTrial): Promise<void> {
  const [signer, asked] = await trial.makeBroken();
  const sign = (message: string, { signal }: SigningIdentity) =>
    signer.sign(message, { ...asked, ...(signal && { signal }) });
  await withoutStrayRejections('The signer', () =>
    onSignerStage(trial, handedSigner(signer, sign), (stage) => demandNotSent(trial, stage)),
  );
}

async function failsIndiscreetly(trial: SignerTrial): Promise<void> {
  const [signer, secrets] = await Promise.all([trial.make(), trial.secrets()]);
  const sign = async (message: string, identity: SigningIdentity) => {
    await signedBy(signer, message, identity);
    throw Object.assign(new Error(secrets.join(' '), { cause: secrets }), { name: secrets[0], secrets });
  };
  await onSignerStage(trial, handedSigner(signer, sign), (stage) => demandNotSent(trial, stage));
}

async function givesJunk(trial: SignerTrial, junk: unknown): Promise<void> {
  const signer = await trial.make();
  const sign = async (message: string, identity: SigningIdentity) => {
    await signedBy(signer, message, identity);
    return junk;
  };
  await onSignerStage(trial, handedSigner(signer, sign), (stage) => demandNotSent(trial, stage));
}

/** The signer's own signature comes first, so that what follows is the only thing wrong. */
async function signedBy(signer: Signer, message: string, identity: SigningIdentity): Promise<void> {
  await ending(signer.sign(message, identity), 'sign');
}
