/** Processes that close orders, and what they say. */
export class Workers {
  /** @param message - what each is told: the options of both modules */
  constructor(message: object);
  /** How often each order was recorded. */
  readonly recorded: ReadonlyMap<string, number>;
  /** How often the handler was called for each. */
  readonly handled: ReadonlyMap<string, number>;
  start(): Promise<void>;
  stop(): Promise<void>;
}
