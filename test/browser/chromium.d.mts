import type { Browser } from 'playwright-core';

/**
 * Whether there is a Chromium to test with, which is said where there is none.
 *
 * @throws Error if there is none, with `REQUIRE_BROWSER=1` in the environment
 */
export function hasChromium(): boolean;

/** Starts a Chromium without a window; its profile is new, and removed when it ends. */
export function startChromium(): Promise<Browser>;
