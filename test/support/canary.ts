import { inspect } from 'node:util';

import { Logger } from '@nestjs/common';
import type { EmulatorCredentials, EmulatorRequest } from 'nestjs-wechatpay/emulator';

/** So many characters of a secret in a row must not get out. */
const TELLING_LENGTH = 8;

/**
 * Looks for parts of the secrets of a shop's calls: its keys, and the signatures that it has sent.
 *
 * @param credentials - the shop's
 * @param sent - its requests
 * @param text - what got out
 * @returns the parts that were found
 */
export function secretsIn(
  credentials: EmulatorCredentials,
  sent: readonly Pick<EmulatorRequest, 'headers' | 'body'>[],
  text: string,
): string[] {
  const keys = credentials.merchants.flatMap(({ privateKey, apiV2Key, apiV3Key }) => [
    privateKey.replaceAll(/-----[^-]+-----|\s/g, ''),
    apiV2Key,
    apiV3Key,
  ]);
  const signatures = sent.flatMap(({ headers, body }) => [
    /signature="([^"]+)"/.exec(headers.find(([name]) => name === 'Authorization')?.[1] ?? '')?.[1] ?? '',
    /<sign><!\[CDATA\[(\w+)/.exec(body.toString())?.[1] ?? '',
  ]);
  const parts = new Set<string>();
  for (const secret of [...keys, ...signatures])
    for (let at = 0; at + TELLING_LENGTH <= secret.length; at++) parts.add(secret.slice(at, at + TELLING_LENGTH));
  const found = new Set<string>();
  for (let at = 0; at + TELLING_LENGTH <= text.length; at++) {
    const part = text.slice(at, at + TELLING_LENGTH);
    if (parts.has(part)) found.add(part);
  }
  return [...found];
}

/** Everything that a program could print of what a call ended in. */
export function everythingOf(value: unknown): string {
  const { message, stack } = value instanceof Error ? value : { message: '', stack: '' };
  const inspected = inspect(value, { depth: 20, showHidden: true, getters: true });
  return [message, stack, JSON.stringify(value), inspected, String(value)].join('\n');
}

/** Listens to everything that is logged or printed. Those who listen at the same time stop in reverse order. */
export class Overhearing {
  readonly heard: string[] = [];
  readonly #undo: (() => void)[] = [];

  constructor() {
    const note = (...words: unknown[]) => void this.heard.push(inspect(words, { depth: 20 }));
    Logger.overrideLogger({ log: note, error: note, warn: note, debug: note, verbose: note, fatal: note });
    const printer: Console = console;
    for (const level of ['log', 'error', 'warn', 'info', 'debug'] as const) {
      const print = printer[level];
      printer[level] = note;
      this.#undo.push(() => (printer[level] = print));
    }
    for (const stream of [process.stdout, process.stderr]) {
      const write = stream.write.bind(stream) as (...words: unknown[]) => boolean;
      stream.write = (...words: unknown[]) => {
        this.heard.push(String(words[0]));
        return write(...words);
      };
      this.#undo.push(() => (stream.write = write));
    }
  }

  /** Stops listening to what is printed. */
  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }
}
