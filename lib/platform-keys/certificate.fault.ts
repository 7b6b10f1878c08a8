import type { DoubtReason } from '../answers/doubt.js';

/** Platform certificates could not be downloaded. It stays inside the library. */
export class CertificateFault extends Error {
  override readonly name = 'CertificateFault';

  /**
   * @param reason - what went wrong: trouble of the network or the host, which may pass, or `certificates`
   * @param explanation - one sentence or more for a person, nothing secret
   */
  constructor(
    readonly reason: DoubtReason,
    readonly explanation: string,
  ) {
    super(explanation);
  }

  /** Whether trying again at once may help: WeChat Pay was not reached, or had trouble of its own. */
  get mayPass(): boolean {
    return this.reason !== 'certificates';
  }
}
