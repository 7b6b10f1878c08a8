import { accessSync, constants } from 'node:fs';

import { chromium } from 'playwright-core';

const PATH = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function hasChromium() {
  try {
    accessSync(PATH, constants.X_OK);
    return true;
  } catch (cause) {
    const problem = `There is no Chromium at ${PATH}, so the tests of the page are left out: install Debian's package chromium, or set CHROMIUM_PATH.`;
    if (process.env['REQUIRE_BROWSER'] === '1') throw new Error(problem, { cause });
    process.stderr.write(`${problem}\n`);
    return false;
  }
}

export function startChromium() {
  return chromium.launch({ executablePath: PATH, headless: true, args: FLAGS });
}
