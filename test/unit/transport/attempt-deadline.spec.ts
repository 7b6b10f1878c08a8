import { describe, expect, it, jest } from '@jest/globals';

import type { Ear } from '../../../lib/environment/ear.js';
import { Attempt } from '../../../lib/transport/attempt.js';
import { AttemptDeadline } from '../../../lib/transport/attempt-deadline.js';
import { TransportSettings } from '../../../lib/transport/transport-settings.js';
import { VirtualTime } from '../../support/virtual-time.js';

const turnEnds = () => new Promise((resolve) => setImmediate(resolve));
const timeouts = { attemptMs: 100, connectMs: 100 };

function begun() {
  const time = new VirtualTime();
  const deadline = new AttemptDeadline(new TransportSettings({ timeouts }), time.scheduler);
  const attempt = new Attempt();
  const step = { what: 'whole reply', phase: 'sent', reason: 'timeout', stop: jest.fn() } as const;
  const ends: unknown[] = [];
  const begin = (): Ear<string> => {
    let ear: Ear<string> | undefined;
    deadline
      .exchange<string>(attempt, step, (given) => (ear = given))
      .then(
        (value) => ends.push(value),
        (error: unknown) => ends.push(error),
      );
    if (ear === undefined) throw new Error('an exchange begins at once');
    return ear;
  };
  return { time, attempt, step, ends, begin };
}

describe('what an exchange came to', () => {
  it('is handed on together with what others came to in the same turn', async () => {
    const { ends, begin } = begun();
    begin().heard('reply');
    await Promise.resolve();
    expect(ends).toEqual([]);
    await turnEnds();
    expect(ends).toEqual(['reply']);
  });

  it('is in time if it was heard in time, even where it is handed on later', async () => {
    const { time, ends, begin } = begun();
    const ear = begin();
    time.scheduler.maxFrames = 100;
    ear.heard('reply');
    time.scheduler.flush();
    await turnEnds();
    expect(ends).toEqual(['reply']);
  });

  it('is late if it was not heard in time', async () => {
    const { time, ends, step, begin } = begun();
    const ear = begin();
    time.scheduler.maxFrames = 100;
    time.scheduler.flush();
    ear.heard('reply');
    await turnEnds();
    expect(ends).toEqual([expect.objectContaining({ reason: 'timeout' })]);
    expect(step.stop).toHaveBeenCalledTimes(1);
  });

  it('is what was heard first', async () => {
    const { ends, begin } = begun();
    const ear = begin();
    ear.heard('first');
    ear.heard('second');
    await turnEnds();
    expect(ends).toEqual(['first']);
  });

  it('is nothing where it was given up before it was handed on', async () => {
    const { attempt, ends, begin } = begun();
    begin().heard('reply');
    attempt.giveUp();
    await turnEnds();
    expect(ends).toEqual([]);
  });
});

describe('what several steps came to in one turn', () => {
  const step = { what: 'whole reply', phase: 'sent', reason: 'timeout' } as const;
  const signing = { what: 'signature', phase: 'notSent', reason: 'signer' } as const;
  const count = 13;
  const deadline = new AttemptDeadline(new TransportSettings({}), new VirtualTime().scheduler);

  it.each([
    ['replies', 8, () => deadline.exchange<string>(new Attempt(), step, (ear) => ear.heard('reply'))],
    ['verdicts', 8, () => deadline.limit(new Attempt(), step, Promise.resolve('verdict'))],
    ['signatures', 4, () => deadline.limit(new Attempt(), signing, Promise.resolve('signature'))],
  ])('is handed on in part as soon as there are enough %s, and in whole when the turn ends', async (_, size, begin) => {
    let ends = 0;
    for (let left = count; left > 0; left--) void Promise.resolve(begin()).then(() => ends++);
    for (let tick = 0; tick < 10; tick++) await Promise.resolve();
    expect(ends).toBe(count - (count % size));
    await turnEnds();
    expect(ends).toBe(count);
  });
});
