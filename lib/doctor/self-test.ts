import type { ExchangeResult } from '../answers/exchange-result.js';
import type { HostRole, TransportSettings } from '../transport/transport-settings.js';
import type { Severity } from './finding.js';

/** A host that is examined. */
export interface TestedHost {
  readonly role: HostRole;
  readonly origin: string;
  /** Whether every call needs it; the others serve the global variants, or take over. */
  readonly isVital: boolean;
}

/** One request that the doctor makes, for the words about it. */
export interface SelfTest extends TestedHost {
  readonly mchid: string;
  readonly api: 'APIv2' | 'APIv3';
  /** Whether a proxy stands between. */
  readonly hasProxy: boolean;
  /** Whether the merchant has public keys to believe. */
  readonly hasPublicKeys: boolean;
  /** Whether an answer is the one to this very request. */
  readonly isMine: (result: ExchangeResult) => boolean;
}

/** A fault as bad as the host is important. */
export function severityOf({ isVital }: SelfTest): Severity {
  return isVital ? 'error' : 'warning';
}

/**
 * Every host that calls may go to, the vital one first, each once.
 *
 * @param settings - the module's
 */
export function testedHosts(settings: TransportSettings): readonly TestedHost[] {
  const hosts = new Map<string, TestedHost>();
  for (const role of ['mainland', 'overseas'] as const) {
    const { usual, backup } = settings.hostsOf(role);
    for (const origin of [usual, backup]) {
      if (origin === undefined || hosts.has(origin)) continue;
      hosts.set(origin, { role, origin, isVital: hosts.size === 0 });
    }
  }
  return [...hosts.values()];
}
