/** One thing that a signer or verifier must do. It knows no test runner: `it.each(cases)('$name', ({ run }) => run())`. */
export interface ConformanceCase {
  /** What it must do, in words; no two cases of a suite have the same. */
  readonly name: string;
  /** Tries it. The promise is rejected with a plain Error that says in a sentence what is wrong. */
  readonly run: () => Promise<void>;
}
