import { Injectable } from '@nestjs/common';

/** What time it is. A provider of its own, so that tests can set it: `overrideProvider(Clock)`. */
export abstract class Clock {
  /** Unix time in milliseconds. */
  abstract now(): number;
}

/** The machine's clock. */
@Injectable()
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}
