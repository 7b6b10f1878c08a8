#!/usr/bin/env node
import { runCommandLine } from './dispatch.js';

process.exitCode = await runCommandLine(process.argv.slice(2), {
  print: (text) => console.log(text),
  complain: (text) => console.error(text),
  env: process.env,
  cwd: process.cwd(),
});
