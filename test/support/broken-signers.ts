import { createHash, createHmac, type KeyObject, randomBytes, sign } from 'node:crypto';

import { HmacSha256Signer, Md5Signer, RsaSha256Signer, Signer, type SigningIdentity } from 'nestjs-wechatpay';

import { rsaPair } from './keys.js';

const RSA = 'WECHATPAY2-SHA256-RSA2048';

/** A signer that is broken in one way, and a case of the suite that must find it out. */
export interface BrokenSigner {
  readonly fault: string;
  readonly scheme: string;
  readonly make: () => Signer;
  /** The beginning of the name of a case that must fail. */
  readonly fails: string;
  /** What the case must say. */
  readonly sentence: RegExp;
}

const required = ({ key }: SigningIdentity): KeyObject => {
  if (key === undefined) throw new Error('no key');
  return key;
};

/** A signer of RSA that signs in its own way. */
const rsa = (how: (message: string, identity: SigningIdentity) => unknown, scheme = RSA): Signer => {
  class Broken extends Signer {
    readonly scheme = scheme;
    sign(message: string, identity: SigningIdentity): string {
      return how(message, identity) as string;
    }
  }
  return new Broken();
};

const right = (message: string | Uint8Array, identity: SigningIdentity, algorithm = 'RSA-SHA256') =>
  sign(algorithm, Buffer.from(message as string), required(identity)).toString('base64');

/** Keeps the first key that it is given. */
const rememberingFirst = () => {
  let first: KeyObject | undefined;
  return rsa((message, identity) => {
    first ??= required(identity);
    return right(message, { ...identity, key: first });
  });
};

/** Keeps the message in the instance while it waits. */
const sharingState = () => {
  let current = '';
  return rsa(async (message, identity) => {
    current = message;
    await new Promise(setImmediate);
    return right(current, identity);
  });
};

/** Remembers signatures by the beginning of the message. */
const cachingTooMuch = () => {
  const cache = new Map<string, string>();
  return rsa((message, identity) => {
    const known = cache.get(message.slice(0, 32)) ?? right(message, identity);
    cache.set(message.slice(0, 32), known);
    return known;
  });
};

const spare = rsaPair().privateKey;

class RandomMd5Signer extends Md5Signer {
  override sign(): string {
    return randomBytes(16).toString('hex').toUpperCase();
  }
}

class LowerCaseSigner extends HmacSha256Signer {
  override sign(message: string, identity: SigningIdentity): string {
    return super.sign(message, identity).toLowerCase();
  }
}

class BareHmacSigner extends HmacSha256Signer {
  override sign(message: string, identity: SigningIdentity): string {
    return createHmac('sha256', required(identity)).update(message).digest('hex').toUpperCase();
  }
}

class PrintableSigner extends RsaSha256Signer {
  readonly pems: string[] = [];
  override sign(message: string, identity: SigningIdentity): Promise<string> {
    this.pems.push(required(identity).export({ type: 'pkcs8', format: 'pem' }).toString());
    return super.sign(message, identity);
  }
}

class PickyAboutKeysSigner extends RsaSha256Signer {
  override keyFault(): string {
    return 'is a key that it does not like';
  }
}

/** Every way in which a signer can be broken that the suite must find out. */
export const BROKEN_SIGNERS: readonly BrokenSigner[] = [
  {
    fault: 'speaks another scheme',
    scheme: RSA,
    make: () => rsa(right, 'WECHATPAY2-SHA256-RSA4096'),
    fails: `speaks ${RSA}`,
    sentence: /scheme is WECHATPAY2-SHA256-RSA4096, not/,
  },
  {
    fault: 'refuses the keys it is given',
    scheme: RSA,
    make: () => new PickyAboutKeysSigner(),
    fails: `speaks ${RSA}`,
    sentence: /keyFault refuses a key/,
  },
  {
    fault: 'makes numbers up',
    scheme: 'MD5',
    make: () => new RandomMd5Signer(),
    fails: "gives the known answer to WeChat Pay's documented example",
    sentence: /documents 9A0A8659F005D6984697E2CA0A9CF3B7/,
  },
  {
    fault: 'leaves &key= out',
    scheme: 'HMAC-SHA256',
    make: () => new BareHmacSigner(),
    fails: 'gives the known answer to a close',
    sentence: /documents B2B78B206EDC/,
  },
  {
    fault: 'writes lower-case hex',
    scheme: 'HMAC-SHA256',
    make: () => new LowerCaseSigner(),
    fails: 'signs a message with a JSON body',
    sentence: /not upper-case hex/,
  },
  {
    fault: 'hashes with SHA-1',
    scheme: RSA,
    make: () => rsa((message, identity) => right(message, identity, 'RSA-SHA1')),
    fails: 'closes an order of each merchant',
    sentence: /WeChat Pay does not take the signature/,
  },
  {
    fault: 'hashes twice',
    scheme: RSA,
    make: () => rsa((message, identity) => right(createHash('sha256').update(message).digest(), identity)),
    fails: 'signs a message with an empty body',
    sentence: /does not verify it/,
  },
  {
    fault: 'takes the message for Latin-1',
    scheme: RSA,
    make: () => rsa((message, identity) => right(Buffer.from(message, 'latin1'), identity)),
    fails: 'signs a message in Chinese',
    sentence: /UTF-8 bytes/,
  },
  {
    fault: 'trims the message',
    scheme: RSA,
    make: () => rsa((message, identity) => right(message.trim(), identity)),
    fails: 'signs a message with spaces at both ends',
    sentence: /does not verify it/,
  },
  {
    fault: 'normalizes the message',
    scheme: RSA,
    make: () => rsa((message, identity) => right(message.normalize('NFC'), identity)),
    fails: 'signs a message with letters that are composed',
    sentence: /does not verify it/,
  },
  {
    fault: 'drops the byte order mark',
    scheme: RSA,
    make: () => rsa((message, identity) => right(new TextDecoder().decode(Buffer.from(message)), identity)),
    fails: 'signs a message with a byte order mark',
    sentence: /does not verify it/,
  },
  {
    fault: 'signs 4,096 bytes at most, as a KMS does',
    scheme: RSA,
    make: () =>
      rsa((message, identity) => {
        if (Buffer.byteLength(message) > 4_096) throw new Error('too long');
        return right(message, identity);
      }),
    fails: 'signs a message of 50 combined orders',
    sentence: /failed for merchant/,
  },
  {
    fault: 'breaks its base64 into lines',
    scheme: RSA,
    make: () => rsa((message, identity) => right(message, identity).replace(/.{64}/g, '$&\n')),
    fails: 'signs a message with an empty body',
    sentence: /not base64 in one line/,
  },
  {
    fault: 'writes base64 for URLs',
    scheme: RSA,
    make: () => rsa((message, identity) => right(message, identity).replaceAll('+', '-').replaceAll('/', '_')),
    fails: 'signs a message of 64 KiB',
    sentence: /not base64 in one line/,
  },
  {
    fault: 'gives bytes',
    scheme: RSA,
    make: () => rsa((message, identity) => Buffer.from(right(message, identity), 'base64')),
    fails: 'signs a message with a JSON body',
    sentence: /gave object, not a text/,
  },
  {
    fault: 'gives nothing',
    scheme: RSA,
    make: () => rsa(() => undefined),
    fails: 'signs a message with a JSON body',
    sentence: /gave undefined, not a text/,
  },
  {
    fault: 'gives an empty text',
    scheme: RSA,
    make: () => rsa(() => ''),
    fails: 'signs a message with a JSON body',
    sentence: /gave an empty text/,
  },
  {
    fault: 'never answers',
    scheme: RSA,
    make: () => rsa(() => new Promise(() => {})),
    fails: 'signs a message with a JSON body',
    sentence: /did not end within 2500 ms/,
  },
  {
    fault: 'signs with the first key that it was given',
    scheme: RSA,
    make: rememberingFirst,
    fails: "signs for each merchant with that merchant's key",
    sentence: /the key of merchant 1900000110 does not verify it/,
  },
  {
    fault: 'mixes messages up that are signed at once',
    scheme: RSA,
    make: sharingState,
    fails: 'signs 32 messages at once',
    sentence: /does not verify it/,
  },
  {
    fault: 'gives like messages the same signature',
    scheme: RSA,
    make: cachingTooMuch,
    fails: 'signs 32 messages at once',
    sentence: /does not verify it/,
  },
  {
    fault: 'signs with another key where it has none',
    scheme: RSA,
    make: () => rsa((message, identity) => right(message, { ...identity, key: identity.key ?? spare })),
    fails: 'throws or rejects where it has no key to sign with',
    sentence: /gave a signature although it had no key/,
  },
  {
    fault: 'gives junk where it has no key',
    scheme: RSA,
    make: () => rsa((message, identity) => (identity.key === undefined ? 'AAAA' : right(message, identity))),
    fails: 'where it cannot sign, the call ends in doubt',
    sentence: /reason unconfirmed, not notSent and signer|not end in OutcomeUnknownError/,
  },
  {
    fault: 'never ends once its signal is aborted',
    scheme: RSA,
    make: () =>
      rsa((message, identity) =>
        identity.signal?.aborted === true ? new Promise(() => {}) : right(message, identity),
      ),
    fails: 'ends when its signal is aborted already',
    sentence: /did not end within 2500 ms/,
  },
  {
    fault: 'keeps keys where they are printed',
    scheme: RSA,
    make: () => new PrintableSigner(),
    fails: 'shows no secret when it is printed',
    sentence: /read off the signer, in util\.inspect/,
  },
  {
    fault: 'is no Signer',
    scheme: RSA,
    make: () => ({ scheme: RSA, holdsKey: false, sign: right }) as unknown as Signer,
    fails: `speaks ${RSA}`,
    sentence: /gave no Signer/,
  },
  {
    fault: 'holds its key, and nobody said of whom',
    scheme: RSA,
    make: () => Object.assign(new RsaSha256Signer(), { holdsKey: true }),
    fails: `speaks ${RSA}`,
    sentence: /give options\.merchants/,
  },
];

/** A backend that keeps silent, and how a signer may wait for it. */
export const stuckSigner = (
  whenTold: (resolve: (value: string) => void, reject: (error: Error) => void) => void,
): Signer =>
  rsa(
    (_, { signal }) =>
      new Promise<string>((resolve, reject) => {
        signal?.addEventListener('abort', () => whenTold(resolve, reject));
      }),
  );

/** A signer whose backend refuses, with an error of its own. */
export const refusingSigner = (error: unknown): Signer =>
  rsa(() => {
    throw error;
  });
