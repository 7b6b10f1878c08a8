import type { ConformanceCase } from '../conformance-case.js';
import { flipped, otherSpellings } from './wrong-signatures.js';
import type { VerifierTrial } from './verifier-trial.js';

const BITS = [0, 1, 2, 3, 4, 5, 6, 7] as const;
const MESSAGE = Buffer.from('1700000000\nc5ac7061fccab6bf3e254dcf98995b8c\n{"code":"ORDER_CLOSED"}\n');

/** What a verifier must not believe. Each case shows it a right signature first, in case it remembers what it has seen. */
export function refusingCases(trial: VerifierTrial): readonly ConformanceCase[] {
  return [
    // One case for each bit, so that a slow scheme stays within a test runner's limit.
    ...BITS.map((bit) => ({
      name: `refuses a signature in which bit ${bit} of any byte is flipped`,
      run: () => refusesFlippedSignature(trial, bit),
    })),
    { name: 'refuses a message in which a bit of any byte is flipped', run: () => refusesFlippedMessage(trial) },
    { name: 'refuses a message that is cut off, longer or empty', run: () => refusesOtherMessages(trial) },
    { name: "refuses another key's signature", run: () => refusesOtherKey(trial) },
    { name: 'refuses a signature that is spelt in another way', run: () => refusesOtherSpellings(trial) },
    { name: 'refuses a signature that is cut off, longer or empty', run: () => refusesOtherLengths(trial) },
    { name: 'refuses a signature of the same key in another scheme', run: () => refusesOtherSchemes(trial) },
    { name: 'refuses what is no signature at all', run: () => refusesNonsense(trial) },
  ];
}

async function believed(trial: VerifierTrial) {
  const [verifier, [signatory, other]] = await Promise.all([trial.make(), trial.signatories()]);
  const evidence = { message: MESSAGE, signature: signatory.sign(MESSAGE), key: signatory.key };
  await trial.believe(verifier, evidence);
  return { verifier, signatory, other, ...evidence };
}

async function refusesFlippedSignature(trial: VerifierTrial, bit: number): Promise<void> {
  const { verifier, message, signature, key } = await believed(trial);
  const bytes = trial.decode(signature);
  await Promise.all(
    Array.from(bytes, (_, index) =>
      trial.refuse(
        verifier,
        { message, signature: trial.encode(flipped(bytes, index, bit)), key },
        `where bit ${bit} of byte ${index} of the signature is flipped`,
      ),
    ),
  );
}

async function refusesFlippedMessage(trial: VerifierTrial): Promise<void> {
  const { verifier, message, signature, key } = await believed(trial);
  await Promise.all(
    Array.from(message, (_, index) =>
      trial.refuse(
        verifier,
        { message: flipped(message, index, index % 8), signature, key },
        `where a bit of byte ${index} of the message is flipped`,
      ),
    ),
  );
}

async function refusesOtherMessages(trial: VerifierTrial): Promise<void> {
  const { verifier, message, signature, key } = await believed(trial);
  const others = [
    message.subarray(0, -1),
    message.subarray(1),
    Buffer.concat([message, Buffer.of(0)]),
    Buffer.concat([message, Buffer.of(10)]),
    Buffer.concat([Buffer.of(0), message]),
    Buffer.alloc(0),
  ];
  await Promise.all(
    others.map((other) =>
      trial.refuse(verifier, { message: other, signature, key }, 'where the message has another length'),
    ),
  );
}

async function refusesOtherKey(trial: VerifierTrial): Promise<void> {
  const { verifier, message, other, key, signature } = await believed(trial);
  await trial.refuse(verifier, { message, signature: other.sign(message), key }, 'where another key has signed');
  await trial.refuse(
    verifier,
    { message, signature, key: other.key },
    'where the signature is checked with another key',
  );
}

async function refusesOtherSpellings(trial: VerifierTrial): Promise<void> {
  const { verifier, message, signature, key } = await believed(trial);
  await Promise.all(
    otherSpellings(signature, trial.api).map(([what, text]) =>
      trial.refuse(verifier, { message, signature: text, key }, `where the signature is written ${what}`),
    ),
  );
}

async function refusesOtherLengths(trial: VerifierTrial): Promise<void> {
  const { verifier, message, signature, key } = await believed(trial);
  const bytes = trial.decode(signature);
  const others = [
    bytes.subarray(0, -1),
    bytes.subarray(1),
    bytes.subarray(0, bytes.byteLength / 2),
    Buffer.concat([bytes, Buffer.of(0)]),
    Buffer.concat([Buffer.of(0), bytes]),
    Buffer.alloc(0),
  ].map((other) => trial.encode(other));
  await Promise.all(
    [...others, signature.slice(0, -1), signature.slice(1), signature.slice(0, 4)].map((text) =>
      trial.refuse(verifier, { message, signature: text, key }, 'where the signature has another length'),
    ),
  );
}

async function refusesOtherSchemes(trial: VerifierTrial): Promise<void> {
  const { verifier, signatory, message, key } = await believed(trial);
  await Promise.all(
    (signatory.lookalikes?.(message) ?? []).map((signature, index) =>
      trial.refuse(verifier, { message, signature, key }, `where lookalike ${index} is signed in another scheme`),
    ),
  );
}

async function refusesNonsense(trial: VerifierTrial): Promise<void> {
  const { verifier, signature, message, key } = await believed(trial);
  const size = trial.decode(signature).byteLength;
  const nonsense = [
    trial.encode(Buffer.alloc(size)),
    trial.encode(Buffer.alloc(size, 1)),
    trial.encode(Buffer.alloc(size, 255)),
    'A'.repeat(65_536),
    'WECHATPAY/SIGNTEST/' + signature.slice(19),
    '__proto__',
    'true',
    '关闭订单',
    '\0',
  ];
  await Promise.all(
    nonsense.map((text) =>
      trial.refuse(verifier, { message, signature: text, key }, `to ${JSON.stringify(text.slice(0, 32))}`),
    ),
  );
}
