/** What is needed of a job of BullMQ. */
export interface QueuedClose {
  readonly id?: string | undefined;
  readonly data: unknown;
  readonly attemptsMade: number;
  readonly failedReason?: string | null;
  readonly returnvalue?: unknown;
  readonly finishedOn?: number | null;
  readonly processedOn?: number | null;
  /** Which worker has it, and for which of its attempts. */
  readonly token?: string | undefined;
  getState(): Promise<string>;
  changeDelay(delay: number): Promise<void>;
  updateData(data: unknown): Promise<void>;
  retry(
    state: 'failed' | 'completed',
    options: { resetAttemptsMade: boolean; resetAttemptsStarted: boolean },
  ): Promise<void>;
}

/** What is needed of a queue of BullMQ, whichever engine it is kept in. */
export interface CloseQueue {
  add(name: string, data: unknown, options: AddOptions): Promise<unknown>;
  getJob(id: string): Promise<QueuedClose | undefined>;
  getJobs(states: ('delayed' | 'wait')[], start: number, end: number, isAscending: boolean): Promise<QueuedClose[]>;
  getJobCounts(...states: ('delayed' | 'wait' | 'active' | 'completed' | 'failed')[]): Promise<Record<string, number>>;
  remove(id: string): Promise<number>;
  close(): Promise<void>;
}

/** How a job is added. */
export interface AddOptions {
  readonly jobId: string;
  readonly timestamp: number;
  readonly delay: number;
  readonly attempts: number;
  readonly backoff: { readonly type: 'custom' };
  readonly removeOnComplete: { readonly age: number };
  readonly removeOnFail: false;
  readonly stackTraceLimit: number;
}

/** What is needed of a worker of BullMQ. */
export interface CloseWorker {
  on(event: 'completed', listener: (job: QueuedClose) => void): unknown;
  on(event: 'failed', listener: (job: QueuedClose | undefined, error: Error) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'lockRenewalFailed', listener: (ids: string[]) => void): unknown;
  cancelJob(id: string): boolean;
  cancelAllJobs(): void;
  close(force?: boolean): Promise<void>;
}

/** Works on a job. BullMQ passes a signal to functions that name three parameters. */
export type CloseProcessor = (job: QueuedClose, token: string | undefined, signal?: AbortSignal) => Promise<unknown>;

/** How a worker is made. */
export interface WorkerSettings {
  readonly concurrency: number;
  readonly lockDuration: number;
  readonly stalledInterval: number;
  readonly maxStalledCount: number;
  readonly runRetryDelay: number;
  readonly settings: {
    readonly backoffStrategy: (attempts: number, type?: string, error?: Error) => number;
  };
}

/** A queue that is open, and what makes workers for it. */
export interface QueueEngine {
  /** Its server, for messages. */
  readonly name: string;
  readonly queue: CloseQueue;
  createWorker(processor: CloseProcessor, settings: WorkerSettings): CloseWorker;
  /** Ends connections that look for a server that is gone, so that a worker that waits for one of them can close. */
  abandon(): void;
  /** Lets go of every connection. */
  close(): Promise<void>;
}
