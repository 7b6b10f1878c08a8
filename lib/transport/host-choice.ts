import { Inject, Injectable } from '@nestjs/common';

import { Clock } from '../environment/clock.js';
import { Randomness } from '../environment/randomness.js';
import { WechatPayLog } from '../environment/wechat-pay-log.js';
import { HostHealth, type HostReport } from './host-health.js';
import { type HostRole, TransportSettings } from './transport-settings.js';

/** While the backup is in use, so many attempts go to the usual host all the same, to find out whether it is back. */
const PROBE_SHARE = 0.01;
/** A shop with few orders probes at least this often, in milliseconds. */
const PROBE_EVERY_MS = 30_000;

interface Choice {
  isOnBackup: boolean;
  probedAt: number;
  readonly usual: HostHealth;
  readonly backup: HostHealth;
}

/**
 * Chooses the host of each attempt: the usual one, and while that is in trouble the backup, if failover is on.
 *
 * @see protocol §5; reliability §7, host switch
 */
@Injectable()
export class HostChoice {
  readonly #choices = new Map<HostRole, Choice>();
  readonly #answeredAt = new Map<string, number>();

  constructor(
    @Inject(TransportSettings) private readonly settings: TransportSettings,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Randomness) private readonly randomness: Randomness,
    @Inject(WechatPayLog) private readonly log: WechatPayLog,
  ) {}

  /**
   * Where an attempt goes.
   *
   * @param role - of the endpoint
   * @param failed - the origin that the call's last attempt met a network fault at, if it did
   * @returns an origin
   */
  choose(role: HostRole, failed?: string): string {
    const { usual, backup } = this.settings.hostsOf(role);
    if (backup === undefined) return usual;
    if (failed !== undefined) return failed === usual ? backup : usual;
    const choice = this.#of(role);
    if (!choice.isOnBackup) return usual;
    const now = this.clock.now();
    if (this.randomness.next() >= PROBE_SHARE && now - choice.probedAt < PROBE_EVERY_MS) return backup;
    choice.probedAt = now;
    return usual;
  }

  /**
   * Learns how an attempt went, and switches where that is due.
   *
   * @param role - of the endpoint
   * @param origin - where the attempt went
   * @param report - how it went
   */
  note(role: HostRole, origin: string, report: HostReport): void {
    const { usual, backup } = this.settings.hostsOf(role);
    const now = this.clock.now();
    if (report === 'answered') this.#answeredAt.set(origin, now);
    if (backup === undefined) return;
    const choice = this.#of(role);
    const isUsual = origin === usual;
    choice[isUsual ? 'usual' : 'backup'].note(report, now);
    if (!choice.isOnBackup) {
      if (choice.usual.isInTrouble(now)) this.#switch(choice, now, `${usual} is in trouble: requests go to ${backup}.`);
    } else if (isUsual && report === 'answered') {
      this.#switch(choice, now, `${usual} answers again: requests go there.`);
    } else if (choice.backup.isInTrouble(now)) {
      this.#switch(choice, now, `${backup} is in trouble, too: requests go to ${usual}.`);
    }
  }

  /**
   * When a host last gave an answer with a verified signature.
   *
   * @param origin - of the host
   * @returns milliseconds, or `undefined` if it has given none
   */
  answeredAt(origin: string): number | undefined {
    return this.#answeredAt.get(origin);
  }

  #of(role: HostRole): Choice {
    const known = this.#choices.get(role);
    if (known !== undefined) return known;
    const choice = { isOnBackup: false, probedAt: 0, usual: new HostHealth(), backup: new HostHealth() };
    this.#choices.set(role, choice);
    return choice;
  }

  #switch(choice: Choice, now: number, words: string): void {
    choice.isOnBackup = !choice.isOnBackup;
    choice.probedAt = now;
    // What was seen of a host before is of no use when it is turned to again.
    choice.usual.clear();
    choice.backup.clear();
    this.log.write('warn', 'host_switched', words);
  }
}
