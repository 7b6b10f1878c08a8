import type { FileHandle } from 'node:fs/promises';

interface Failure {
  readonly error: unknown;
}

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Appends lines to a file, each on the disk before its promise resolves. Those that come while the disk is busy share the next write. */
export class DurableLines {
  #waiting: Waiting[] = [];
  #isWriting = false;
  #failure: Failure | undefined;

  /** @param file - open for appending */
  constructor(private readonly file: FileHandle) {}

  /**
   * Appends a line.
   *
   * @param line - with its line feed
   * @throws what the file system throws; after that, every further line fails, too
   */
  append(line: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line, resolve, reject });
      if (!this.#isWriting) void this.#write();
    });
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      // oxlint-disable-next-line no-await-in-loop -- what came meanwhile is written next
      const failure = await this.#writeAll(batch);
      for (const { resolve, reject } of batch) {
        if (failure === undefined) resolve();
        else reject(failure.error);
      }
    }
    this.#isWriting = false;
  }

  async #writeAll(batch: readonly Waiting[]): Promise<Failure | undefined> {
    // After a write that failed midway, a line would be appended to a torn one.
    if (this.#failure !== undefined) return this.#failure;
    try {
      await this.file.appendFile(batch.map(({ line }) => line).join(''));
      await this.file.datasync();
    } catch (error) {
      this.#failure = { error };
    }
    return this.#failure;
  }
}
