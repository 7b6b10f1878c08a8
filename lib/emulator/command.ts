#!/usr/bin/env node
import { runCommandLine } from './command-line.js';

const result = await runCommandLine(process.argv.slice(2), (text) => console.log(text));

if ('emulator' in result) {
  const stop = (): void => void result.emulator.stop();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
} else {
  process.exitCode = result.exitCode;
}
