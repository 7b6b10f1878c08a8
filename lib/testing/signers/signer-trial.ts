import { randomBytes, verify } from 'node:crypto';

import { Signer, type SigningIdentity } from '../../index.js';
import { apiV2Signature } from '../api-v2-signature.js';
import { demand } from '../demand.js';
import { ending } from '../patience.js';
import { apiOf, isKnown } from '../schemes.js';
import { secretsOf } from '../secrets.js';
import { ownMerchants } from './own-merchants.js';
import type { SignerConformanceOptions, SigningMerchant } from './signer-conformance.options.js';

/** What all cases of one suite share: how to make the signer, for whom it signs, and what a right signature is. */
export class SignerTrial {
  readonly api: 'v2' | 'v3';
  readonly scheme: string;
  readonly #make: () => Signer | Promise<Signer>;
  readonly #options: SignerConformanceOptions;
  #merchants: Promise<readonly SigningMerchant[]> | undefined;

  constructor(make: () => Signer | Promise<Signer>, options: SignerConformanceOptions) {
    this.#make = make;
    this.#options = options;
    this.scheme = options.scheme;
    this.api = apiOf(options.scheme);
  }

  /** The signer, new. */
  async make(): Promise<Signer> {
    const signer = await this.#make();
    demand(signer instanceof Signer, 'makeSigner gave no Signer; extend the class Signer of nestjs-wechatpay.');
    demand(
      !signer.holdsKey || this.#options.merchants !== undefined,
      'The signer holds its keys; give options.merchants, so that its signatures can be checked.',
    );
    return signer;
  }

  /** A signer that cannot sign, and the identity that it is asked with. */
  async makeBroken(): Promise<readonly [Signer, SigningIdentity]> {
    const { makeBroken } = this.#options;
    const [merchant] = await this.merchants();
    if (makeBroken !== undefined) return [await makeBroken(), this.identityOf(merchant)];
    const signer = await this.make();
    // Without its key, or with a number that nobody has: either way there is nothing to sign with.
    const { mchid, serialNo } = this.identityOf(merchant);
    return [
      signer,
      { mchid: signer.holdsKey ? '99999999999999999999999999999999' : mchid, ...(serialNo && { serialNo }) },
    ];
  }

  /** A signer that never gets an answer, if there is one. */
  get makeStuck(): (() => Signer | Promise<Signer>) | undefined {
    return this.#options.makeStuck;
  }

  /** The merchants, at least one. */
  async merchants(): Promise<readonly [SigningMerchant, ...SigningMerchant[]]> {
    const { scheme, merchants } = this.#options;
    this.#merchants ??= Promise.resolve(
      merchants === undefined ? ownMerchants(scheme) : typeof merchants === 'function' ? merchants() : merchants,
    );
    const [first, ...others] = await this.#merchants;
    demand(first !== undefined, 'options.merchants is empty; give at least one.');
    return [first, ...others];
  }

  /** What a merchant's signature is asked with. */
  identityOf({ mchid, serialNo, key }: SigningMerchant): SigningIdentity {
    const serial = serialNo ?? (this.api === 'v3' ? '5157F09EFDC096DE15EBE81A47057A7232F1B8E1' : undefined);
    return { mchid, ...(serial && { serialNo: serial }), ...(key && { key }) };
  }

  /** Texts that must come out nowhere. */
  async secrets(): Promise<readonly string[]> {
    const { secrets = [] } = this.#options;
    const merchants = await this.merchants();
    return [
      ...(typeof secrets === 'function' ? secrets() : secrets),
      ...merchants.flatMap(({ key }) => secretsOf(key)),
    ];
  }

  /** Asks for one signature, and makes sure that it is right. */
  async sign(signer: Signer, message: string, merchant: SigningMerchant): Promise<string> {
    const asked = Promise.resolve().then(() => signer.sign(message, this.identityOf(merchant)));
    const ended = await ending<unknown>(asked, 'sign');
    if ('error' in ended) demand(false, `The signer failed for merchant ${merchant.mchid}.`, ended.error);
    const { value } = ended;
    demand(typeof value === 'string', `The signer gave ${value === null ? 'null' : typeof value}, not a text.`);
    demand(value !== '', 'The signer gave an empty text.');
    if (this.api === 'v2') {
      demand(/^[0-9A-F]+$/.test(value), 'The signature is not upper-case hex, as APIv2 wants it.');
    } else {
      demand(
        Buffer.from(value, 'base64').toString('base64') === value,
        'The signature is not base64 in one line with its padding, as APIv3 wants it.',
      );
    }
    demand(
      this.verify(Buffer.from(message), value, merchant),
      `The signature is wrong: the key of merchant ${merchant.mchid} does not verify it over the UTF-8 bytes of the message.`,
    );
    return value;
  }

  /** Whether a signature is right. */
  verify(message: Uint8Array, signature: string, merchant: SigningMerchant): boolean {
    const { verify: own, scheme } = this.#options;
    if (own !== undefined) return own(message, signature, merchant);
    if (this.api === 'v2') return signature === apiV2Signature(scheme, message, merchant.checkKey);
    return verify('RSA-SHA256', message, merchant.checkKey, Buffer.from(signature, 'base64'));
  }

  /** Whether the same message has the same signature each time. */
  get isDeterministic(): boolean {
    return isKnown(this.scheme);
  }

  /** A message that nobody has signed before; only its end differs from others. */
  freshMessage(): string {
    return `POST\n/v3/close\n1700000000\n593BEC0C930BF1AFEB40B4A08C8FB242\n{"out_trade_no":"${randomBytes(16).toString('hex')}"}\n`;
  }
}
