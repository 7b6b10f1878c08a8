/** How to reach the KMS. */
export interface KmsAccess {
  /** Its origin, such as `https://kms.internal`. */
  readonly url: string;
  /** What it asks of those who may sign. */
  readonly token: string;
  /** Which of its keys signs for which merchant. */
  readonly keyIds: ReadonlyMap<string, string>;
  /** How long one signature may take, in milliseconds: well below the module's `timeouts.attemptMs`. */
  readonly deadlineMs: number;
}

/** Injects the {@link KmsAccess}. */
export const KMS_ACCESS = Symbol('KMS_ACCESS');
