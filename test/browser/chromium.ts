import { accessSync, constants } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Browser, chromium } from 'playwright-core';

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

/**
 * Whether there is a Chromium to test with, which is said where there is none.
 *
 * @throws Error if there is none, with `REQUIRE_BROWSER=1` in the environment
 */
export function hasChromium(): boolean {
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

/** Starts a Chromium without a window; its profile is new, and removed when it ends. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: PATH, headless: true, args: FLAGS });
}

/** Ends it, and waits no longer than needed where it hangs. */
export async function stopChromium(browser: Browser): Promise<void> {
  await Promise.race([browser.close(), sleep(5_000, undefined, { ref: false })]);
}
