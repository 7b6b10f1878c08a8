#!/usr/bin/env node
import { runCommandLine } from './dispatch.js';

const INTERRUPTIONS = ['SIGINT', 'SIGTERM'] as const;

process.exitCode = await runCommandLine(process.argv.slice(2), {
  print: (text) => console.log(text),
  complain: (text) => console.error(text),
  env: process.env,
  cwd: process.cwd(),
  ...(process.stderr.isTTY && { screen: process.stderr }),
  onInterrupt: (listener) => {
    for (const signal of INTERRUPTIONS) process.on(signal, listener);
    return () => {
      for (const signal of INTERRUPTIONS) process.off(signal, listener);
    };
  },
});
