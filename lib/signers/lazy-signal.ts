/** A signal that is made when somebody first asks for it: most signers never do, and making one costs more than the rest. */
export class LazySignal {
  #controller: AbortController | undefined;
  #isStopped = false;

  /** The signal, aborted already if it has been stopped. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isStopped) this.#controller.abort();
    return this.#controller.signal;
  }

  /** Aborts it. */
  stop(): void {
    this.#isStopped = true;
    this.#controller?.abort();
  }
}
