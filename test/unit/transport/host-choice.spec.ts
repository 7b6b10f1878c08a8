import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Logger } from '@nestjs/common';

import { WechatPayLog } from '../../../lib/environment/wechat-pay-log.js';
import { HostChoice } from '../../../lib/transport/host-choice.js';
import { TransportSettings } from '../../../lib/transport/transport-settings.js';

const USUAL = 'https://api.mch.weixin.qq.com';
const BACKUP = 'https://api2.mch.weixin.qq.com';
const words: unknown[] = [];
let now: number;
let luck: number;
let hosts: HostChoice;

const choiceOf = (failover?: boolean | { mainland: string }) =>
  new HostChoice(
    new TransportSettings(failover === undefined ? {} : { failover }),
    { now: () => now },
    { next: () => luck },
    new WechatPayLog(),
  );

beforeEach(() => {
  [now, luck] = [1_000_000, 0.5];
  hosts = choiceOf(true);
  Logger.overrideLogger({
    log: () => {},
    error: () => {},
    warn: (message: unknown) => void words.push(String(message)),
  });
});
afterEach(() => {
  words.length = 0;
  Logger.overrideLogger(['error', 'warn', 'log']);
});

const note = (origin: string, report: 'answered' | 'unreachable' | 'failed', times = 1) => {
  for (let count = 0; count < times; count++) hosts.note('mainland', origin, report);
};

describe('HostChoice', () => {
  it('knows the documented backups', () => {
    expect([hosts.choose('mainland', USUAL), hosts.choose('overseas', 'https://apihk.mch.weixin.qq.com')]).toEqual([
      BACKUP,
      USUAL,
    ]);
  });

  it.each([[undefined], [false]])('stays where it is when failover is %s', (failover) => {
    hosts = choiceOf(failover);
    note(USUAL, 'unreachable', 100);
    expect([hosts.choose('mainland'), hosts.choose('mainland', USUAL)]).toEqual([USUAL, USUAL]);
    expect(words).toEqual([]);
  });

  it('takes a backup of your own', () => {
    hosts = choiceOf({ mainland: 'http://127.0.0.1:1' });
    expect(hosts.choose('mainland', USUAL)).toBe('http://127.0.0.1:1');
  });

  it("turns to the other host after a call's own fault, whichever it was", () => {
    expect([hosts.choose('mainland', USUAL), hosts.choose('mainland', BACKUP), hosts.choose('mainland')]).toEqual([
      BACKUP,
      USUAL,
      USUAL,
    ]);
  });

  it('switches for everybody when the usual host is in trouble, and says so once', () => {
    note(USUAL, 'unreachable', 4);
    expect(hosts.choose('mainland')).toBe(USUAL);
    note(USUAL, 'unreachable', 4);
    expect(hosts.choose('mainland')).toBe(BACKUP);
    expect(hosts.choose('overseas')).toBe('https://apihk.mch.weixin.qq.com');
    expect(words).toEqual([`${USUAL} is in trouble: requests go to ${BACKUP}.`]);
  });

  it('probes the usual host with 1 of 100 requests, and goes back when it answers', () => {
    note(USUAL, 'unreachable', 5);
    luck = 0.01;
    expect(hosts.choose('mainland')).toBe(BACKUP);
    luck = 0.0099;
    expect(hosts.choose('mainland')).toBe(USUAL);
    note(USUAL, 'failed');
    luck = 0.5;
    expect(hosts.choose('mainland')).toBe(BACKUP);
    note(USUAL, 'answered');
    expect(hosts.choose('mainland')).toBe(USUAL);
    expect(words[1]).toBe(`${USUAL} answers again: requests go there.`);
  });

  it('probes at least every 30 s, so that a shop with few orders finds back, too', () => {
    note(USUAL, 'unreachable', 5);
    now += 29_999;
    expect(hosts.choose('mainland')).toBe(BACKUP);
    now += 1;
    expect([hosts.choose('mainland'), hosts.choose('mainland')]).toEqual([USUAL, BACKUP]);
  });

  it('goes back when the backup is in trouble, too, and switches again only for new faults', () => {
    note(USUAL, 'unreachable', 5);
    note(BACKUP, 'answered', 3);
    expect(hosts.choose('mainland')).toBe(BACKUP);
    note(BACKUP, 'unreachable', 5);
    expect(hosts.choose('mainland')).toBe(USUAL);
    note(USUAL, 'unreachable', 4);
    expect(hosts.choose('mainland')).toBe(USUAL);
    note(USUAL, 'unreachable');
    expect(hosts.choose('mainland')).toBe(BACKUP);
  });
});
