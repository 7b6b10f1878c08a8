import { inspect } from 'node:util';

import { Logger } from '@nestjs/common';

/** The levels that the module's lines have. */
export type LogLevel = 'error' | 'warn' | 'log';

const RANK: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, log: 2 };

/** What a line tells besides its sentence: plain JSON, and nothing secret. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * A line of the log: printed as its sentence, and as JSON an object with `message`, `event` and the fields, whichever of Nest's
 * versions, or which other logger, writes it. As a string with a second parameter, Nest 11 would make two records of it.
 */
export class LogLine {
  readonly message: string;
  /** Names what happened, the same for every such line. */
  readonly event: string;

  constructor(message: string, event: string, fields: LogFields) {
    this.message = message;
    this.event = event;
    const given = Object.entries(fields).filter(([, value]) => value !== undefined);
    Object.assign(this, Object.fromEntries(given));
  }

  toString(): string {
    return this.message;
  }

  [inspect.custom](): string {
    return this.message;
  }
}

/** Writes the module's lines through Nest's Logger, under the context `WechatPay`. */
export class WechatPayLog {
  readonly #logger = new Logger('WechatPay');
  readonly #rank: number;

  /** @param level - the least important level that is written; `false` for none */
  constructor(level: LogLevel | false = 'log') {
    this.#rank = level === false ? -1 : RANK[level];
  }

  /** Whether anything is written at all. */
  get isOn(): boolean {
    return this.#rank >= 0;
  }

  /**
   * Writes a line. What the logger throws is ignored.
   *
   * @param level - how important it is
   * @param event - names what happened
   * @param message - one sentence for a person, which says what to do
   * @param fields - the same for programs
   */
  write(level: LogLevel, event: string, message: string, fields: LogFields = {}): void {
    if (RANK[level] > this.#rank) return;
    try {
      this.#logger[level](new LogLine(message, event, fields));
    } catch {
      // The logger is the application's: a full disk must not make a doubt of a reply that is proven.
    }
  }
}
