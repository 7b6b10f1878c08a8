import type { KeyObject } from 'node:crypto';

import type { SigningIdentity } from './signer.js';

/** An identity whose signal is made when the signer first looks at it: most never do, and making one costs more than the rest. */
export class LazyIdentity implements SigningIdentity {
  declare readonly serialNo?: string;
  declare readonly key?: KeyObject;
  #controller: AbortController | undefined;
  #isStopped = false;

  /**
   * @param mchid - who signs
   * @param key - if it is not the signer that holds it
   * @param serialNo - of the merchant's API certificate, in APIv3
   */
  constructor(
    readonly mchid: string,
    key: KeyObject | undefined,
    serialNo?: string,
  ) {
    if (serialNo !== undefined) this.serialNo = serialNo;
    if (key !== undefined) this.key = key;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isStopped) this.#controller.abort();
    return this.#controller.signal;
  }

  /** Aborts the signal: nobody waits for the signature any more. */
  stop(): void {
    this.#isStopped = true;
    this.#controller?.abort();
  }
}
