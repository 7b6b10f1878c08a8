import { constants, verify } from 'node:crypto';

import { HmacSha256Verifier, Md5Verifier, RsaSha256Verifier, type SignatureEvidence, Verifier } from 'nestjs-wechatpay';

const RSA = 'WECHATPAY2-SHA256-RSA2048';

/** A verifier that is broken in one way, and a case of the suite that must find it out. */
export interface BrokenVerifier {
  readonly fault: string;
  readonly scheme: string;
  readonly make: () => Verifier;
  /** The beginning of the name of a case that must fail. */
  readonly fails: string;
  /** What the case must say. */
  readonly sentence: RegExp;
}

const rsa = (how: (evidence: SignatureEvidence) => unknown, scheme = RSA): Verifier => {
  class Broken extends Verifier {
    readonly scheme = scheme;
    matches(evidence: SignatureEvidence): boolean {
      return how(evidence) as boolean;
    }
  }
  return new Broken();
};

const right = new RsaSha256Verifier();
const md5 = new Md5Verifier();
const hmac = new HmacSha256Verifier();

const lenient = ({ message, signature, key }: SignatureEvidence) =>
  verify('RSA-SHA256', message, key, Buffer.from(signature, 'base64'));

const apiV2 = (scheme: string, matches: (evidence: SignatureEvidence) => boolean): Verifier => rsa(matches, scheme);

/** Keeps the first key that it is given. */
const rememberingFirst = () => {
  let first: SignatureEvidence['key'] | undefined;
  return rsa((evidence) => {
    first ??= evidence.key;
    return right.matches({ ...evidence, key: first });
  });
};

/** Keeps the evidence in the instance while it waits. */
const sharingState = () => {
  let current: SignatureEvidence | undefined;
  return rsa(async (evidence) => {
    current = evidence;
    await new Promise(setImmediate);
    return right.matches(current);
  });
};

/** Every way in which a verifier can be broken that the suite must find out. */
export const BROKEN_VERIFIERS: readonly BrokenVerifier[] = [
  {
    fault: 'believes everything',
    scheme: RSA,
    make: () => rsa(() => true),
    fails: 'refuses a signature in which bit 0',
    sentence: /bit 0 of byte 0/,
  },
  {
    fault: 'believes everything, in an application',
    scheme: RSA,
    make: () => rsa(() => true),
    fails: 'does not believe a reply that is signed wrongly',
    sentence: /reported closed/,
  },
  {
    fault: 'believes nothing',
    scheme: RSA,
    make: () => rsa(() => false),
    fails: 'believes a right signature over a message with an empty body',
    sentence: /does not say true to a right signature/,
  },
  {
    fault: 'believes nothing, in an application',
    scheme: RSA,
    make: () => rsa(() => false),
    fails: "believes WeChat Pay's reply",
    sentence: /does not believe a reply that is signed rightly/,
  },
  {
    fault: 'says 1 for true',
    scheme: RSA,
    make: () => rsa((evidence) => (right.matches(evidence) ? 1 : 0)),
    fails: 'believes a right signature over a message with a JSON body',
    sentence: /does not say true/,
  },
  {
    fault: 'says nothing for false',
    scheme: RSA,
    make: () => rsa((evidence) => right.matches(evidence) || undefined),
    fails: "refuses another key's signature",
    sentence: /does not say false, nor throws/,
  },
  {
    fault: 'throws at a right signature',
    scheme: RSA,
    make: () =>
      rsa(() => {
        throw new Error('broken');
      }),
    fails: 'believes a right signature over a message of 64 KiB',
    sentence: /failed at a right signature/,
  },
  {
    fault: 'never answers',
    scheme: RSA,
    make: () => rsa(() => new Promise(() => {})),
    fails: 'believes a right signature over a message with a JSON body',
    sentence: /did not end within 2500 ms/,
  },
  {
    fault: 'decodes base64 as Node does, whatever stands there',
    scheme: RSA,
    make: () => rsa(lenient),
    fails: 'refuses a signature that is spelt in another way',
    sentence: /is written with a space before it/,
  },
  {
    fault: 'takes spare bits of base64 for nothing',
    scheme: RSA,
    make: () => rsa((evidence) => /^[\w+/]+={0,2}$/.test(evidence.signature) && lenient(evidence)),
    fails: 'refuses a signature that is spelt in another way',
    sentence: /without its padding|bits set that no byte uses|alphabet for URLs/,
  },
  {
    fault: 'looks at the first half of the message alone',
    scheme: RSA,
    make: () => {
      const believed = new Set<string>();
      const half = (message: Uint8Array) => Buffer.from(message).toString('hex').slice(0, message.byteLength);
      return rsa((evidence) => {
        const mark = `${half(evidence.message)} ${evidence.signature}`;
        if (right.matches(evidence)) believed.add(mark);
        return believed.has(mark);
      });
    },
    fails: 'refuses a message in which a bit of any byte is flipped',
    sentence: /of the message is flipped/,
  },
  {
    fault: 'checks with the first key that it was given',
    scheme: RSA,
    make: rememberingFirst,
    fails: "refuses another key's signature",
    sentence: /checked with another key/,
  },
  {
    fault: 'mixes up what it judges at once',
    scheme: RSA,
    make: sharingState,
    fails: 'tells right from wrong among 32 at once',
    sentence: /right signature|among many at once/,
  },
  {
    fault: 'takes SHA-1 as well',
    scheme: RSA,
    make: () =>
      rsa(
        (evidence) =>
          right.matches(evidence) ||
          verify('RSA-SHA1', evidence.message, evidence.key, Buffer.from(evidence.signature, 'base64')),
      ),
    fails: 'refuses a signature of the same key in another scheme',
    sentence: /lookalike 0/,
  },
  {
    fault: 'takes PSS as well',
    scheme: RSA,
    make: () =>
      rsa(({ message, signature, key }) => {
        const pss = { key, padding: constants.RSA_PKCS1_PSS_PADDING };
        return (
          right.matches({ message, signature, key }) ||
          verify('RSA-SHA256', message, pss, Buffer.from(signature, 'base64'))
        );
      }),
    fails: 'refuses a signature of the same key in another scheme',
    sentence: /lookalike 2/,
  },
  {
    fault: 'takes MD5 for HMAC-SHA256',
    scheme: 'HMAC-SHA256',
    make: () => apiV2('HMAC-SHA256', (evidence) => hmac.matches(evidence) || md5.matches(evidence)),
    fails: 'refuses a signature of the same key in another scheme',
    sentence: /lookalike 0/,
  },
  {
    fault: 'takes lower-case hex',
    scheme: 'MD5',
    make: () => apiV2('MD5', (evidence) => md5.matches({ ...evidence, signature: evidence.signature.toUpperCase() })),
    fails: 'refuses a signature that is spelt in another way',
    sentence: /in lower case/,
  },
  {
    fault: 'compares as far as the shorter one goes',
    scheme: 'HMAC-SHA256',
    make: () =>
      apiV2('HMAC-SHA256', (evidence) => {
        const { signature } = evidence;
        return signature.length < 64 ? !/[^0-9A-F]/.test(signature) : hmac.matches(evidence);
      }),
    fails: 'refuses a signature that is cut off, longer or empty',
    sentence: /signature has another length/,
  },
  {
    fault: 'speaks another scheme',
    scheme: RSA,
    make: () => rsa((evidence) => right.matches(evidence), 'WECHATPAY2-SHA256-RSA4096'),
    fails: `speaks ${RSA}`,
    sentence: /scheme is WECHATPAY2-SHA256-RSA4096, not/,
  },
];
