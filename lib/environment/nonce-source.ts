import { randomUUID } from 'node:crypto';

import { Injectable } from '@nestjs/common';

/** Where `nonce_str` comes from. A provider of its own, so that tests can foresee it: `overrideProvider(NonceSource)`. */
export abstract class NonceSource {
  /** A fresh text of at most 32 letters and digits that nobody can guess and that never repeats. */
  abstract next(): string;
}

/** 122 bits from the operating system's random number generator, as 32 hexadecimal digits. */
@Injectable()
export class RandomNonceSource extends NonceSource {
  next(): string {
    return randomUUID().replaceAll('-', '');
  }
}
