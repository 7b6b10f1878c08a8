import { Inject, Injectable } from '@nestjs/common';
import { catchError, defer, firstValueFrom, map, mergeMap, type Observable, tap } from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { DoubtReason } from '../answers/doubt.js';
import { Clock } from '../environment/clock.js';
import { CertificateFault } from '../platform-keys/certificate.fault.js';
import { CERTIFICATE_ENDPOINTS } from '../platform-keys/certificate-region.js';
import { type CertificateOrder, CertificateSource } from '../platform-keys/certificate.source.js';
import type { PlatformCertificate } from '../platform-keys/platform-certificate.js';
import { readCertificateList } from '../platform-keys/read-certificate-list.js';
import { HostChoice } from '../transport/host-choice.js';
import { AES_256_GCM } from '../verifiers/aes-256-gcm.js';
import { VerifierRegistry } from '../verifiers/verifier.registry.js';
import { ApiV3Judge, type KeyFinder } from './api-v3.judge.js';
import { ApiV3Sender, type SentRequest } from './api-v3.sender.js';
import { refusedList } from './refused-list.js';

const NETWORK: ReadonlySet<DoubtReason> = new Set<DoubtReason>([
  'connect',
  'tls',
  'proxy',
  'reset',
  'timeout',
  'protocol',
]);
/** Trouble that may pass by itself, as far as no answer came. */
const PASSING: ReadonlySet<DoubtReason> = new Set<DoubtReason>([...NETWORK, 'overloaded', 'shutdown']);

/** Downloads platform certificates with the merchant's signature, over the same connections as everything else. */
@Injectable()
export class CertificateDownload extends CertificateSource {
  constructor(
    @Inject(ApiV3Sender) private readonly sender: ApiV3Sender,
    @Inject(ApiV3Judge) private readonly judge: ApiV3Judge,
    @Inject(HostChoice) private readonly hosts: HostChoice,
    @Inject(VerifierRegistry) private readonly verifiers: VerifierRegistry,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    super();
  }

  list(order: CertificateOrder): Promise<readonly PlatformCertificate[]> {
    const { host } = CERTIFICATE_ENDPOINTS[order.region];
    const first = defer(() => {
      const origin = this.hosts.choose(host);
      return this.#ask(order, origin).pipe(
        // Once more, at the other host where failover is on.
        catchError((error: unknown) => {
          if (error instanceof CertificateFault && NETWORK.has(error.reason)) {
            return this.#ask(order, this.hosts.choose(host, origin));
          }
          throw error;
        }),
      );
    });
    return firstValueFrom(first);
  }

  #ask(order: CertificateOrder, origin: string): Observable<readonly PlatformCertificate[]> {
    const { mchid, credentials, region, known } = order;
    const { host, path } = CERTIFICATE_ENDPOINTS[region];
    const { query } = this.#cipherOf(order);
    const serial = credentials.preferredSerial ?? [...known.keys()].at(-1);
    return this.sender.send({ mchid, credentials, origin, target: path + query }, serial).pipe(
      mergeMap((sent) => this.#read(sent, order)),
      tap(() => this.hosts.note(host, origin, 'answered')),
      catchError((error: unknown) => {
        const fault = error instanceof AttemptFault ? silence(error) : error;
        if (error instanceof AttemptFault && NETWORK.has(error.reason)) {
          this.hosts.note(host, origin, error.phase === 'notSent' ? 'unreachable' : 'failed');
        }
        throw fault;
      }),
    );
  }

  /**
   * Believes a list whose certificates were encrypted with the APIv3 key and whose signature is right: with a key that is
   * believed already, or with one of its own, which the decryption has proved.
   */
  #read(sent: SentRequest, order: CertificateOrder): Observable<readonly PlatformCertificate[]> {
    const { credentials, known } = order;
    const answer = this.judge.answerOf(sent);
    if (answer.kind !== 'content') throw refusedList(answer);
    const listed = this.#listed(answer.content, order);
    const own = new Map(listed.map(({ serial, key }) => [serial, key]));
    const keys: KeyFinder = {
      find: (serial) => credentials.platformKeys.get(serial) ?? known.get(serial) ?? own.get(serial),
      absence: () => 'It is signed with a key that is neither believed nor in the list.',
      verified: () => {},
    };
    return this.judge.judge(sent, credentials.scheme, keys).pipe(
      map((result) => {
        if (result.kind === 'verified') return listed;
        throw new CertificateFault(
          'certificates',
          `The list of certificates is not proven. ${result.doubt.explanation}`,
        );
      }),
    );
  }

  #listed(
    content: Readonly<Record<string, unknown>> | undefined,
    order: CertificateOrder,
  ): readonly PlatformCertificate[] {
    const { scheme, download } = order.credentials;
    if (download === undefined) throw new CertificateFault('internal', 'There is no APIv3 key; please report it.');
    return readCertificateList(content, {
      cipher: this.#cipherOf(order),
      apiV3Key: download.apiV3Key,
      keyFault: (key) => this.verifiers.find(scheme)?.keyFault(key),
      now: this.clock.now(),
    });
  }

  #cipherOf({ credentials }: CertificateOrder) {
    return this.verifiers.find(credentials.scheme)?.certificateCipher ?? AES_256_GCM;
  }
}

function silence({ reason, explanation }: AttemptFault): CertificateFault {
  return new CertificateFault(PASSING.has(reason) ? reason : 'certificates', explanation);
}
