import { statSync } from 'node:fs';

import { CloseStoreError } from '../../errors/close-store.error.js';

/** Knows a file again. Of one that is removed while it is open, everything goes on to work, and is gone with the process. */
export class SameFile {
  readonly #identity: string | undefined;

  /** @param path - of the file, which is open */
  constructor(private readonly path: string) {
    this.#identity = identityOf(path);
  }

  /**
   * Makes sure that the path is still that of the file that was opened.
   *
   * @throws {@link CloseStoreError} if it is not
   */
  check(): void {
    if (identityOf(this.path) === this.#identity) return;
    throw new CloseStoreError(
      'unavailable',
      `${this.path} was removed or replaced while auto-close had it open, so what is scheduled would be lost: nothing was scheduled. Restart the application, and call reconcile.`,
    );
  }
}

function identityOf(path: string): string | undefined {
  const found = statSync(path, { bigint: true, throwIfNoEntry: false });
  return found && `${found.dev}.${found.ino}`;
}
