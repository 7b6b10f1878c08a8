/** A signal that is made when somebody first asks for it: most signers never do, and making one costs more than the rest. */
export interface LazySignal {
  readonly signal: () => AbortSignal;
  /** Aborts it. */
  readonly stop: () => void;
}

/** Makes one. */
export function lazySignal(): LazySignal {
  let controller: AbortController | undefined;
  let isStopped = false;
  return {
    signal: () => {
      controller ??= new AbortController();
      if (isStopped) controller.abort();
      return controller.signal;
    },
    stop: () => {
      isStopped = true;
      controller?.abort();
    },
  };
}
