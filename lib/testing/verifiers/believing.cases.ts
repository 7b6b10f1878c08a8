import type { ConformanceCase } from '../conformance-case.js';
import { demand } from '../demand.js';
import { KNOWN_ANSWERS, KNOWN_KEY } from '../known-answers.js';
import { MESSAGES } from '../messages.js';
import type { VerifierTrial } from './verifier-trial.js';

const AT_ONCE = 32;

/** What a verifier must believe. */
export function believingCases(trial: VerifierTrial): readonly ConformanceCase[] {
  return [
    { name: `speaks ${trial.scheme}, and takes a key of it`, run: () => speaks(trial) },
    ...knownAnswers(trial),
    ...MESSAGES.map(({ name, text }) => ({
      name: `believes a right signature over a message ${name}`,
      run: () => believes(trial, Buffer.from(text)),
    })),
    { name: `tells right from wrong among ${AT_ONCE} at once`, run: () => keepsApart(trial) },
  ];
}

async function speaks(trial: VerifierTrial): Promise<void> {
  const [verifier, [{ key }]] = await Promise.all([trial.make(), trial.signatories()]);
  demand(verifier.scheme === trial.scheme, `The verifier's scheme is ${verifier.scheme}, not ${trial.scheme}.`);
  const fault = trial.api === 'v2' ? undefined : verifier.keyFault(key);
  demand(fault === undefined, `The verifier's keyFault refuses a key of its scheme: it ${fault}.`);
}

function knownAnswers(trial: VerifierTrial): readonly ConformanceCase[] {
  return KNOWN_ANSWERS.filter(({ scheme }) => scheme === trial.scheme).map(({ name, message, signature }) => ({
    name: `believes the known answer to ${name}`,
    run: async () => trial.believe(await trial.make(), { message: Buffer.from(message), signature, key: KNOWN_KEY }),
  }));
}

async function believes(trial: VerifierTrial, message: Buffer): Promise<void> {
  const [verifier, [signatory]] = await Promise.all([trial.make(), trial.signatories()]);
  await trial.believe(verifier, { message, signature: signatory.sign(message), key: signatory.key });
}

async function keepsApart(trial: VerifierTrial): Promise<void> {
  const [verifier, signatories] = await Promise.all([trial.make(), trial.signatories()]);
  await Promise.all(
    Array.from({ length: AT_ONCE }, (_, index) => {
      const [right, wrong] = index % 4 < 2 ? signatories : [signatories[1], signatories[0]];
      const message = Buffer.from(`1700000000\nnonce${index}\n\n`);
      const signature = (index % 2 === 0 ? right : wrong).sign(message);
      const evidence = { message, signature, key: right.key };
      return index % 2 === 0
        ? trial.believe(verifier, evidence)
        : trial.refuse(verifier, evidence, 'among many at once');
    }),
  );
}
