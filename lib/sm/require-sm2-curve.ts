import { getCurves } from 'node:crypto';

/**
 * Makes sure that Node can read SM2 keys. Builds from nodejs.org can; some of Linux distributions bring an OpenSSL that
 * cannot, and would call every SM2 key damaged.
 *
 * @param curves - what Node's OpenSSL knows
 * @throws Error that says what to do, if it cannot
 */
export function requireSm2Curve(curves: readonly string[] = getCurves()): void {
  if (curves.includes('SM2')) return;
  throw new Error(
    'This Node.js cannot read SM2 keys: its OpenSSL was built without SM2; run the application with a Node.js from nodejs.org.',
  );
}
