import type { Signer } from '../../index.js';
import type { ConformanceCase } from '../conformance-case.js';
import { demand } from '../demand.js';
import { KNOWN_ANSWERS, KNOWN_KEY } from '../known-answers.js';
import { MESSAGES } from '../messages.js';
import { ending } from '../patience.js';
import { demandNoSecret } from '../secrets.js';
import { withoutStrayRejections } from '../stray-rejections.js';
import type { SignerTrial } from './signer-trial.js';

const AT_ONCE = 32;

/** What a signer must do by itself. */
export function aloneCases(trial: SignerTrial): readonly ConformanceCase[] {
  return [
    { name: `speaks ${trial.scheme}`, run: () => speaks(trial) },
    ...knownAnswers(trial),
    ...MESSAGES.map(({ name, text }) => ({ name: `signs a message ${name}`, run: () => signs(trial, text) })),
    ...(trial.isDeterministic
      ? [{ name: 'gives the same message the same signature', run: () => isDeterministic(trial) }]
      : []),
    { name: `signs ${AT_ONCE} messages at once, each with its own signature`, run: () => signsAtOnce(trial) },
    { name: "signs for each merchant with that merchant's key", run: () => keepsMerchantsApart(trial) },
    { name: 'throws or rejects where it has no key to sign with', run: () => refuses(trial) },
    { name: 'ends when its signal is aborted already', run: () => endsWhenAborted(trial) },
    { name: 'shows no secret when it is printed', run: () => keepsSecrets(trial) },
  ];
}

async function speaks(trial: SignerTrial): Promise<void> {
  const signer = await trial.make();
  demand(signer.scheme === trial.scheme, `The signer's scheme is ${signer.scheme}, not ${trial.scheme}.`);
  const [{ key }] = await trial.merchants();
  const fault = key === undefined || trial.api === 'v2' ? undefined : signer.keyFault(key);
  demand(fault === undefined, `The signer's keyFault refuses a key that it must sign with: it ${fault}.`);
}

function knownAnswers(trial: SignerTrial): readonly ConformanceCase[] {
  return KNOWN_ANSWERS.filter(({ scheme }) => scheme === trial.scheme).map(({ name, message, signature }) => ({
    name: `gives the known answer to ${name}`,
    run: async () => {
      const signer = await trial.make();
      // A signer that holds its keys does not have the documentation's.
      if (signer.holdsKey) return;
      const given = await signer.sign(message, { mchid: '10000100', key: KNOWN_KEY });
      demand(given === signature, `The signature is wrong: WeChat Pay documents ${signature} for this message.`);
    },
  }));
}

async function signs(trial: SignerTrial, text: string): Promise<void> {
  const [merchant] = await trial.merchants();
  await trial.sign(await trial.make(), text, merchant);
}

async function isDeterministic(trial: SignerTrial): Promise<void> {
  const [signer, [merchant]] = await Promise.all([trial.make(), trial.merchants()]);
  const message = trial.freshMessage();
  const first = await trial.sign(signer, message, merchant);
  demand(first === (await trial.sign(signer, message, merchant)), 'The signature of the same message changes.');
}

async function signsAtOnce(trial: SignerTrial): Promise<void> {
  const [signer, merchants] = await Promise.all([trial.make(), trial.merchants()]);
  const asked = Array.from({ length: AT_ONCE }, (_, index) =>
    trial.sign(signer, trial.freshMessage(), merchants[index % merchants.length] ?? merchants[0]),
  );
  const signatures = await Promise.all(asked);
  demand(new Set(signatures).size === AT_ONCE, 'Two messages were given the same signature.');
}

async function keepsMerchantsApart(trial: SignerTrial): Promise<void> {
  const [signer, merchants] = await Promise.all([trial.make(), trial.merchants()]);
  const message = trial.freshMessage();
  await merchants.reduce<Promise<unknown>>(
    (before, merchant) => before.then(() => trial.sign(signer, message, merchant)),
    Promise.resolve(),
  );
}

async function failureOf(trial: SignerTrial): Promise<unknown> {
  const [signer, identity] = await trial.makeBroken();
  const asked = Promise.resolve().then(() => signer.sign(trial.freshMessage(), identity));
  const ended = await ending<unknown>(asked, 'sign, asked without a key,');
  demand('error' in ended, 'The signer gave a signature although it had no key to sign with; it must throw or reject.');
  return ended.error;
}

async function refuses(trial: SignerTrial): Promise<void> {
  await withoutStrayRejections('The signer', async () => {
    await failureOf(trial);
  });
}

async function endsWhenAborted(trial: SignerTrial): Promise<void> {
  const [signer, [merchant]] = await Promise.all([trial.make(), trial.merchants()]);
  await withoutStrayRejections('The signer', async () => {
    const identity = { ...trial.identityOf(merchant), signal: AbortSignal.abort() };
    // It may sign all the same: nobody will use the signature.
    await ending<unknown>(
      Promise.resolve().then(() => signer.sign(trial.freshMessage(), identity)),
      'sign',
    );
  });
}

async function keepsSecrets(trial: SignerTrial): Promise<void> {
  const [signer, [merchant], secrets] = await Promise.all([trial.make(), trial.merchants(), trial.secrets()]);
  const asked: Signer = signer;
  await trial.sign(asked, trial.freshMessage(), merchant);
  demandNoSecret(asked, 'the signer', secrets);
  demandNoSecret(await failureOf(trial), "the signer's error", secrets);
}
