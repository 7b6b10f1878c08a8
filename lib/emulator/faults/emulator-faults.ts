import type { ActiveFault, Fault } from './fault.js';

/** Has the emulator misbehave. */
export interface EmulatorFaults {
  /**
   * Makes something go wrong from now on.
   *
   * @param fault - what, and when
   * @returns the fault in force, whose counters go on
   * @throws {@link EmulatorControlError} that says what is wrong with the fault
   */
  add(fault: Fault): ActiveFault;
  /**
   * Adds a fault that comes from outside.
   *
   * @param fault - a {@link Fault}, not checked yet
   * @throws {@link EmulatorControlError} as {@link add} does
   */
  addUnchecked(fault: unknown): ActiveFault;
  /** All faults that were added and not taken away, oldest first; those used up are among them. */
  all(): readonly ActiveFault[];
  /**
   * Takes a fault away.
   *
   * @param id - such as `fault-1`
   * @throws {@link EmulatorControlError} if there is none of that id
   */
  remove(id: string): void;
  /** Takes all faults away. The generator goes on; see {@link seed}. */
  clear(): void;
  /**
   * Starts the generator anew that decides where a probability is given: the same seed gives the same decisions. It is
   * 1 at the start and after a reset.
   *
   * @param seed - an integer
   * @throws {@link EmulatorControlError} if it is not an integer
   */
  seed(seed: number): void;
}
