import { randomFillSync } from 'node:crypto';

import { Injectable } from '@nestjs/common';

/** Where `nonce_str` comes from. A provider of its own, so that tests can foresee it: `overrideProvider(NonceSource)`. */
export abstract class NonceSource {
  /** A fresh text of at most 32 letters and digits that nobody can guess and that never repeats. */
  abstract next(): string;
}

const NONCE_BYTES = 16;
const NONCES_A_DRAW = 128;

/** 128 bits from the operating system's random number generator, as 32 hexadecimal digits; it is asked for many at a time. */
@Injectable()
export class RandomNonceSource extends NonceSource {
  readonly #drawn = Buffer.alloc(NONCE_BYTES * NONCES_A_DRAW);
  #used = this.#drawn.byteLength;

  next(): string {
    if (this.#used === this.#drawn.byteLength) {
      randomFillSync(this.#drawn);
      this.#used = 0;
    }
    const from = this.#used;
    this.#used += NONCE_BYTES;
    return this.#drawn.toString('hex', from, this.#used);
  }
}
