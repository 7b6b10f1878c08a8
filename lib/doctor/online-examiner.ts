import { Inject, Injectable } from '@nestjs/common';
import { concat, concatMap, EMPTY, from, map, mergeMap, type Observable, of, toArray } from 'rxjs';

import type { Merchant } from '../merchants/merchant.js';
import { TransportSettings } from '../transport/transport-settings.js';
import type { Finding, FindingCode } from './finding.js';
import { testedHosts, type TestedHost } from './self-test.js';
import { SelfTests } from './self-tests.js';

/** How many merchants are examined at a time. */
const AT_A_TIME = 4;
/** A host that nobody gets through to does so for every merchant. */
const UNREACHABLE = new Set<FindingCode>(['nameNotFound', 'noConnection', 'noTls', 'noProxy']);

/** Asks WeChat Pay about merchants. */
@Injectable()
export class OnlineExaminer {
  constructor(
    @Inject(SelfTests) private readonly tests: SelfTests,
    @Inject(TransportSettings) private readonly settings: TransportSettings,
  ) {}

  /**
   * Examines merchants: the first one of APIv3 at every host, the others at the one that every call needs.
   *
   * @param merchants - whose keys are in order
   * @returns what was found, once
   */
  examine(merchants: readonly Merchant[]): Observable<readonly Finding[]> {
    const [vital, ...others] = testedHosts(this.settings);
    const leader = merchants.find(({ apiV3 }) => apiV3 !== undefined) ?? merchants[0];
    if (vital === undefined || leader === undefined) return of([]);
    const { apiV3 } = leader;
    const elsewhere = from(apiV3 === undefined ? [] : others).pipe(
      concatMap((host) => (apiV3 === undefined ? EMPTY : this.tests.echo(leader, apiV3, host))),
    );
    const followers = merchants.filter((merchant) => merchant !== leader);
    const here = this.#merchant(leader, vital).pipe(
      mergeMap((found) => {
        const isDown = found.some(({ code }) => UNREACHABLE.has(code));
        const rest = from(isDown ? [] : followers).pipe(
          mergeMap((merchant) => this.#merchant(merchant, vital), AT_A_TIME),
        );
        return concat(of(found), rest);
      }),
    );
    return concat(here, elsewhere).pipe(
      toArray(),
      map((found) => withoutRepeats(found.flat())),
    );
  }

  #merchant(merchant: Merchant, host: TestedHost): Observable<readonly Finding[]> {
    const { apiV2, apiV3 } = merchant;
    return concat(
      apiV3 === undefined ? EMPTY : this.tests.echo(merchant, apiV3, host),
      apiV3 === undefined ? EMPTY : this.tests.certificateMode(merchant, apiV3, host),
      apiV2 === undefined ? EMPTY : this.tests.query(merchant, apiV2, host),
    ).pipe(
      toArray(),
      map((found) => found.flat()),
    );
  }
}

/** What is wrong with a host or the clock is so for every merchant, and is said once. */
function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ code, message }) => {
    const key = code === 'clockSkew' ? code : message;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}
