import type { HealthProblem } from '../doctor/health-problems.js';
import type { Facts } from '../doctor/wechat-pay-facts.js';

/** A shop with a thousand merchants does not want a thousand lines from every probe. */
const MOST_PROBLEMS = 20;

/** What the indicator tells besides up or down. Times are in ISO 8601. */
export type HealthDetails = {
  /** How many merchants are configured. */
  readonly merchants: number;
  /** What verifies APIv3 replies. */
  readonly keys: {
    readonly publicKeys: number;
    readonly certificates: number;
    readonly loadedAt: string;
    readonly ageSeconds: number;
    /** When the first of the certificates expires; absent where there is none. */
    readonly nextExpiry?: string;
  };
  /** How far this machine's clock was ahead of the latest APIv3 reply's, and when; absent before the first one. */
  readonly clock?: { readonly skewSeconds: number; readonly seenAt: string };
  /** When each host last gave an answer with a verified signature; `null` if it has given none. */
  readonly lastGoodReply: Readonly<Record<string, string | null>>;
  /** What is wrong or soon will be, in words; at most 20. */
  readonly problems: readonly string[];
};

/**
 * Puts the facts as terminus shows them.
 *
 * @param facts - of the moment
 * @param problems - among them
 */
export function healthDetails(facts: Facts, problems: readonly HealthProblem[]): HealthDetails {
  const { now, keysLoadedAt, merchants, apiV3, hosts, skew } = facts;
  const certificates = apiV3.flatMap((merchant) => merchant.certificates);
  const ends = certificates.map(({ to }) => to);
  return {
    merchants,
    keys: {
      publicKeys: apiV3.reduce((sum, { publicKeys }) => sum + publicKeys, 0),
      certificates: certificates.length,
      loadedAt: isoOf(keysLoadedAt),
      ageSeconds: Math.max(0, Math.floor((now - keysLoadedAt) / 1_000)),
      ...(ends.length > 0 && { nextExpiry: isoOf(ends.reduce((first, end) => Math.min(first, end))) }),
    },
    ...(skew !== undefined && { clock: { skewSeconds: skew.seconds, seenAt: isoOf(skew.at) } }),
    lastGoodReply: Object.fromEntries(
      hosts.map(({ origin, lastGoodReplyAt: at }) => [origin, at === undefined ? null : isoOf(at)]),
    ),
    problems: problems.slice(0, MOST_PROBLEMS).map(({ message }) => message),
  };
}

function isoOf(time: number): string {
  return new Date(time).toISOString();
}
