import { type Observable, type Subscriber, Subscription } from 'rxjs';

import { whenTurnEnds } from '../../environment/when-turn-ends.js';
import { BulkStoppedError, type BulkStopReason } from '../../errors/bulk-stopped.error.js';
import type { BulkEnding, BulkOutcome } from './bulk-outcome.js';
import type { Inputs } from './bulk-source.js';
import { Checkpoint } from './checkpoint.js';
import { BufferFullError } from './observable-inputs.js';
import { Slots } from './slots.js';

/** After so many inputs in a row, others get a turn of the event loop: inputs that fail at once would let nobody else in. */
const BREATH = 256;

/** What a course does with its inputs. */
export interface BulkWork<TRequest> {
  readonly concurrency: number;
  readonly from: number;
  /** Begins to read the source. */
  readonly open: () => Inputs<TRequest>;
  /** Closes one order. It always emits once and never fails. */
  readonly close: (request: TRequest, index: number) => Observable<BulkEnding>;
  /** Hands an outcome to the application; done when this completes. */
  readonly record: (outcome: BulkOutcome<TRequest>) => Observable<unknown>;
  /** Whether an ending leaves the order as if it had not been begun. */
  readonly isUnbegun: (ending: BulkEnding) => boolean;
}

interface Stop {
  readonly reason: BulkStopReason;
  readonly explanation: string;
  readonly cause?: unknown;
}

/** One run over a source: pulls as places free, closes, records, emits, and keeps the checkpoint. */
export class BulkCourse<TRequest> {
  readonly #slots: Slots;
  readonly #checkpoint: Checkpoint;
  readonly #underWay = new Subscription();
  #inputs: Inputs<TRequest> | undefined;
  #hasLeft = false;
  #stop: Stop | undefined;

  constructor(
    private readonly work: BulkWork<TRequest>,
    private readonly subscriber: Subscriber<BulkOutcome<TRequest>>,
  ) {
    this.#slots = new Slots(work.concurrency);
    this.#checkpoint = new Checkpoint(work.from);
  }

  /** Runs to the end of the source, or to what stops it. */
  async run(): Promise<void> {
    try {
      // The application may have been shut down before.
      if (this.#stop === undefined) {
        this.#inputs = this.work.open();
        await this.#pull(this.#inputs);
      }
    } catch (cause) {
      this.stop(reasonOf(cause));
    }
    await this.#slots.allFree();
    if (this.#stop === undefined) {
      this.subscriber.complete();
      return;
    }
    const { reason, explanation, cause } = this.#stop;
    this.subscriber.error(new BulkStoppedError(reason, explanation, this.#checkpoint.index, cause));
  }

  /** Begins nothing more, and ends with an error once what is under way has ended. */
  stop(stop: Stop): void {
    this.#stop ??= stop;
    this.#inputs?.stop();
  }

  /** Ends everything at once: nobody listens any more. */
  leave(): void {
    this.#hasLeft = true;
    this.#inputs?.stop();
    this.#underWay.unsubscribe();
  }

  async #pull(inputs: Inputs<TRequest>): Promise<void> {
    for (let index = 0; ; index++) {
      // oxlint-disable-next-line no-await-in-loop -- one input after the other
      if (index % BREATH === BREATH - 1) await new Promise<void>(whenTurnEnds);
      // oxlint-disable-next-line no-await-in-loop -- nothing is pulled before there is room for it
      await this.#slots.take();
      // oxlint-disable-next-line no-await-in-loop -- one input after the other
      const input = await next(inputs, this.#slots);
      if (this.#hasLeft || this.#stop !== undefined || input.done === true) {
        this.#slots.free();
        if (input.done === true && this.#stop === undefined && !this.#hasLeft) this.#checkLength(index);
        return;
      }
      if (index < this.work.from) this.#slots.free();
      else this.#begin(input.value, index);
    }
  }

  #checkLength(length: number): void {
    const { from } = this.work;
    if (length >= from) return;
    this.stop({ reason: 'source', explanation: `the source ended after ${length} inputs, before index ${from}` });
  }

  #begin(request: TRequest, index: number): void {
    const course = this.work.close(request, index).subscribe((ending) => {
      const isDone = !this.work.isUnbegun(ending);
      const checkpoint = isDone ? this.#checkpoint.with(index) : this.#checkpoint.index;
      const outcome = { ...ending, index, request, checkpoint };
      this.#underWay.add(
        this.work.record(outcome).subscribe({
          complete: () => {
            if (isDone) this.#checkpoint.add(index);
            this.subscriber.next(outcome);
            this.#slots.free();
          },
          error: (cause: unknown) => {
            this.stop({ reason: 'record', explanation: "the application's record failed", cause });
            this.#slots.free();
          },
        }),
      );
    });
    this.#underWay.add(course);
  }
}

/** A source that fails frees the place that its input was to have. */
async function next<T>(inputs: Inputs<T>, slots: Slots): Promise<IteratorResult<T, unknown>> {
  try {
    return await inputs.next();
  } catch (error) {
    slots.free();
    throw error;
  }
}

function reasonOf(cause: unknown): Stop {
  if (!(cause instanceof BufferFullError)) return { reason: 'source', explanation: 'the source failed', cause };
  const remedy = 'give an iterable or async iterable, which waits by itself, or a larger options.buffer';
  return { reason: 'buffer', explanation: `the source emitted faster than orders are closed (${remedy})` };
}
