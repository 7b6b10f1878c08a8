import { Injectable } from '@nestjs/common';

/** Where chance comes from that need not be secret, such as jitter. A provider of its own, so that tests can set it. */
export abstract class Randomness {
  /** A number from 0 to below 1. */
  abstract next(): number;
}

/** `Math.random`. */
@Injectable()
export class MathRandomness extends Randomness {
  next(): number {
    return Math.random();
  }
}
