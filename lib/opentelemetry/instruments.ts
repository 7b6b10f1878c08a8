import { type Counter, type Histogram, type Meter, type MeterProvider, metrics } from '@opentelemetry/api';

import { SCOPE } from './scope.js';

/** The bounds that the conventions for HTTP advise, in seconds. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

/** A histogram of seconds. */
export type SecondsHistogram = (name: string, description: string, bounds?: readonly number[]) => Histogram;

/**
 * Makes instruments when they are first used, and again where the application has installed another SDK since: unlike tracers,
 * meters that were made before an SDK do not find it by themselves.
 */
export class Instruments<T> {
  #provider: MeterProvider | undefined;
  #made: T | undefined;

  /** @param make - makes all instruments */
  constructor(private readonly make: (meter: Meter, seconds: SecondsHistogram) => T) {}

  /** Those of the SDK that is installed now. */
  get current(): T {
    const provider = metrics.getMeterProvider();
    if (this.#made === undefined || provider !== this.#provider) {
      const meter = provider.getMeter(SCOPE.name, SCOPE.version);
      this.#provider = provider;
      this.#made = this.make(meter, (name, description, bounds = SECONDS) =>
        meter.createHistogram(name, {
          description,
          unit: 's',
          advice: { explicitBucketBoundaries: [...bounds] },
        }),
      );
    }
    return this.#made;
  }
}

/** Counts of something that has no unit of its own. */
export function counter(meter: Meter, name: string, unit: string, description: string): Counter {
  return meter.createCounter(name, { unit: `{${unit}}`, description });
}
