import { Inject, Injectable } from '@nestjs/common';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { DoubtReason } from '../answers/doubt.js';
import { Clock } from '../environment/clock.js';
import { CertificateFault } from '../platform-keys/certificate.fault.js';
import { CERTIFICATE_ENDPOINTS } from '../platform-keys/certificate-region.js';
import { type CertificateOrder, CertificateSource } from '../platform-keys/certificate.source.js';
import type { PlatformCertificate } from '../platform-keys/platform-certificate.js';
import { readCertificateList } from '../platform-keys/read-certificate-list.js';
import { Attempt } from '../transport/attempt.js';
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

  async list(order: CertificateOrder): Promise<readonly PlatformCertificate[]> {
    const { host } = CERTIFICATE_ENDPOINTS[order.region];
    const origin = this.hosts.choose(host);
    try {
      return await this.#ask(order, origin);
    } catch (error) {
      if (!(error instanceof CertificateFault && NETWORK.has(error.reason))) throw error;
      // Once more, at the other host where failover is on.
      return this.#ask(order, this.hosts.choose(host, origin));
    }
  }

  async #ask(order: CertificateOrder, origin: string): Promise<readonly PlatformCertificate[]> {
    const { mchid, credentials, region, known } = order;
    const { host, path } = CERTIFICATE_ENDPOINTS[region];
    const { query } = this.#cipherOf(order);
    const serial = credentials.preferredSerial ?? [...known.keys()].at(-1);
    const attempt = new Attempt();
    try {
      const sent = await this.sender.send(attempt, { mchid, credentials, origin, target: path + query }, serial);
      const listed = await this.#read(attempt, sent, order);
      this.hosts.note(host, origin, 'answered');
      return listed;
    } catch (error) {
      if (!(error instanceof AttemptFault)) throw error;
      if (NETWORK.has(error.reason)) {
        this.hosts.note(host, origin, error.phase === 'notSent' ? 'unreachable' : 'failed');
      }
      throw silence(error);
    } finally {
      attempt.finish();
    }
  }

  /**
   * Believes a list whose certificates were encrypted with the APIv3 key and whose signature is right: with a key that is
   * believed already, or with one of its own, which the decryption has proved.
   */
  async #read(attempt: Attempt, sent: SentRequest, order: CertificateOrder): Promise<readonly PlatformCertificate[]> {
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
    const result = await this.judge.judge(attempt, sent, credentials.scheme, keys);
    if (result.kind === 'verified') return listed;
    throw new CertificateFault('certificates', `The list of certificates is not proven. ${result.doubt.explanation}`);
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
