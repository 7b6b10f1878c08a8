/** What a command has of the world around it, so that tests can stand in for it. */
export interface Terminal {
  /** Writes to standard output; a line feed is added. */
  readonly print: (text: string) => void;
  /** Writes to standard error; a line feed is added. */
  readonly complain: (text: string) => void;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths begin at. */
  readonly cwd: string;
  /** Where a progress bar may be drawn, if a person is looking. */
  readonly screen?: NodeJS.WriteStream | undefined;
  /**
   * Calls a listener each time the person interrupts the command (SIGINT, SIGTERM), in place of ending the process.
   *
   * @returns ends that
   */
  readonly onInterrupt?: (listener: () => void) => () => void;
}

/** A command of `nestjs-wechatpay`, such as `doctor`. */
export interface Subcommand {
  /** One line for the overview. */
  readonly summary: string;
  /**
   * Runs it.
   *
   * @param args - what stands after its name
   * @param terminal - where it speaks, and where it looks
   * @returns the exit code
   */
  readonly run: (args: readonly string[], terminal: Terminal) => Promise<number>;
}
