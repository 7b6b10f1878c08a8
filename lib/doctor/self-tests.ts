import { Inject, Injectable } from '@nestjs/common';
import { concatMap, defer, EMPTY, map, type Observable, of } from 'rxjs';

import type { Answer } from '../answers/answer.js';
import type { ExchangeResult } from '../answers/exchange-result.js';
import { ApiV2Exchange } from '../api-v2/api-v2.exchange.js';
import { ApiV3Exchange } from '../api-v3/api-v3.exchange.js';
import { NonceSource } from '../environment/nonce-source.js';
import type { ApiV2Credentials, ApiV3Credentials, Merchant } from '../merchants/merchant.js';
import { HostChoice } from '../transport/host-choice.js';
import { TransportSettings } from '../transport/transport-settings.js';
import { hasCertificatesAlone, noAppid, publicKeyOnly } from './certificate-mode.js';
import type { Finding } from './finding.js';
import { judgeSelfTest } from './judge-self-test.js';
import type { SelfTest, TestedHost } from './self-test.js';

const NO_CERTIFICATES = new Set(['RESOURCE_NOT_EXISTS', 'NOT_FOUND']);

/** The requests that the doctor makes. None of them touches an order. */
@Injectable()
export class SelfTests {
  constructor(
    @Inject(ApiV2Exchange) private readonly apiV2: ApiV2Exchange,
    @Inject(ApiV3Exchange) private readonly apiV3: ApiV3Exchange,
    @Inject(TransportSettings) private readonly settings: TransportSettings,
    @Inject(HostChoice) private readonly hosts: HostChoice,
    @Inject(NonceSource) private readonly nonces: NonceSource,
  ) {}

  /**
   * WeChat Pay's self-test of APIv3: it says what it was told, signed.
   *
   * @param merchant - who asks
   * @param credentials - of the merchant
   * @param host - whom
   * @see protocol §4.6
   */
  echo({ mchid }: Merchant, credentials: ApiV3Credentials, host: TestedHost): Observable<readonly Finding[]> {
    return defer(() => {
      const echo_message = this.nonces.next();
      const body = JSON.stringify({ echo_message });
      const call = { mchid, credentials, origin: host.origin, target: '/v3/security/echo', body };
      const test: SelfTest = {
        ...this.#test(mchid, 'APIv3', host),
        hasPublicKeys: !hasCertificatesAlone(credentials),
        isMine: (result) => answerOf(result)?.content?.['echo_message'] === echo_message,
      };
      const asked = defer(() => this.apiV3.send(call));
      return asked.pipe(
        // WeChat Pay sends wrong signatures now and then, to see whether they are noticed.
        concatMap((result) =>
          result.kind === 'unverified' && result.doubt.reason === 'signature' ? asked : of(result),
        ),
        map((result) => this.#judge(result, test, host)),
      );
    });
  }

  /**
   * APIv2 has no self-test; a query for an order that cannot exist is answered with a signed ORDERNOTEXIST.
   *
   * @param merchant - who asks; without an appid, it cannot
   * @param credentials - of the merchant
   * @param host - whom
   */
  query({ mchid, appid }: Merchant, credentials: ApiV2Credentials, host: TestedHost): Observable<readonly Finding[]> {
    if (appid === undefined) return of([noAppid(mchid)]);
    return defer(() => {
      const fields = { appid, mch_id: mchid, out_trade_no: this.nonces.next().slice(0, 32) };
      const test: SelfTest = {
        ...this.#test(mchid, 'APIv2', host),
        hasPublicKeys: false,
        isMine: (result) => /^ORDER_?NOT_?EXISTS?$/.test(answerOf(result)?.code ?? ''),
      };
      return this.apiV2
        .send({ mchid, credentials, origin: host.origin, target: '/pay/orderquery', fields })
        .pipe(map((result) => this.#judge(result, test, host)));
    });
  }

  /**
   * Whether WeChat Pay has platform certificates for a merchant that is configured with them.
   *
   * @param merchant - who asks
   * @param credentials - of the merchant
   * @param host - whom
   * @see protocol §4.4: newer merchants have none
   */
  certificateMode(
    { mchid }: Merchant,
    credentials: ApiV3Credentials,
    { origin }: TestedHost,
  ): Observable<readonly Finding[]> {
    if (!hasCertificatesAlone(credentials)) return EMPTY;
    return this.apiV3.send({ mchid, credentials, origin, target: '/v3/certificates' }).pipe(
      map((result) => {
        const answer = answerOf(result);
        return answer?.status === 404 && NO_CERTIFICATES.has(answer.code ?? '') ? [publicKeyOnly(mchid)] : [];
      }),
    );
  }

  #judge(result: ExchangeResult, test: SelfTest, { role, origin }: TestedHost): readonly Finding[] {
    if (result.kind === 'verified') this.hosts.note(role, origin, 'answered');
    return judgeSelfTest(result, test);
  }

  #test(mchid: string, api: SelfTest['api'], host: TestedHost) {
    return { ...host, mchid, api, hasProxy: this.settings.proxy !== undefined };
  }
}

function answerOf(result: ExchangeResult): Answer | undefined {
  if (result.kind === 'silence') return undefined;
  return result.kind === 'verified' ? result.answer.value : result.answer;
}
