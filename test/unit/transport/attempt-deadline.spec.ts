import { describe, expect, it, jest } from '@jest/globals';

import type { Ear } from '../../../lib/environment/ear.js';
import { Traffic } from '../../../lib/environment/traffic.js';
import { Attempt } from '../../../lib/transport/attempt.js';
import { AttemptDeadline } from '../../../lib/transport/attempt-deadline.js';
import { JUDGING } from '../../../lib/transport/attempt-steps.js';
import { TransportSettings } from '../../../lib/transport/transport-settings.js';
import { VirtualTime } from '../../support/virtual-time.js';

const turnEnds = () => new Promise((resolve) => setImmediate(resolve));
const timeouts = { attemptMs: 100, connectMs: 100 };
const STEP = { what: 'whole reply', phase: 'sent', reason: 'timeout' } as const;
const SIGNING = { what: 'signature', phase: 'notSent', reason: 'signer' } as const;

/** An exchange that begins, and another one of the same module. */
function begun() {
  const time = new VirtualTime();
  const deadline = new AttemptDeadline(new TransportSettings({ timeouts }), time.scheduler, new Traffic());
  const attempt = new Attempt();
  const stop = jest.fn();
  const ends: unknown[] = [];
  const begin = () => earOf(deadline, attempt, { ...STEP, stop }, (end) => ends.push(end));
  const others = () => {
    const theirs = new Attempt();
    return [{ attempt: theirs, ear: earOf(deadline, theirs, STEP, () => {}) }] as const;
  };
  return { time, deadline, attempt, stop, ends, begin, others };
}

function earOf(
  deadline: AttemptDeadline,
  attempt: Attempt,
  step: typeof STEP & { stop?(): void },
  told: (end: unknown) => void,
): Ear<string> {
  let ear: Ear<string> | undefined;
  deadline.exchange<string>(attempt, step, (given) => (ear = given)).then(told, told);
  if (ear === undefined) throw new Error('an exchange begins at once');
  return ear;
}

describe('what an exchange came to', () => {
  it('is handed on at once where no other is under way, nor one that could not begin', async () => {
    const { ends, begin, deadline } = begun();
    const failing = deadline.exchange(new Attempt(), STEP, () => {
      throw new Error('it cannot begin');
    });
    await expect(failing).rejects.toThrow('it cannot begin');
    begin().heard('reply');
    await Promise.resolve();
    expect(ends).toEqual(['reply']);
  });

  it('is handed on together with what others come to in the same turn', async () => {
    const { ends, begin, others } = begun();
    others();
    begin().heard('reply');
    await Promise.resolve();
    expect(ends).toEqual([]);
    await turnEnds();
    expect(ends).toEqual(['reply']);
  });

  it.each<[string, (other: Ear<string>, attempt: Attempt) => void]>([
    ['failed', (other) => other.failed(new Error('it failed'))],
    ['was given up', (_, attempt) => attempt.giveUp()],
    ['was heard', (other) => other.heard('another')],
  ])('is handed on as soon as the only other one %s', async (_, endOther) => {
    const { ends, begin, others } = begun();
    const [other] = others();
    begin().heard('reply');
    endOther(other.ear, other.attempt);
    await Promise.resolve();
    expect(ends).toEqual(['reply']);
  });

  it('waits for others even after some that were heard or failed once they were given up', async () => {
    const { ends, begin, others, deadline } = begun();
    for (const { ear, attempt } of [...others(), ...others()]) {
      attempt.giveUp();
      ear.heard('late');
      ear.failed(new Error('late'));
    }
    const gone = new Attempt();
    gone.giveUp();
    void deadline.exchange<string>(gone, STEP, (ear) => ear.heard('late'));
    others();
    begin().heard('reply');
    await Promise.resolve();
    expect(ends).toEqual([]);
    await turnEnds();
    expect(ends).toEqual(['reply']);
  });

  it('is in time if it was heard in time, even where it is handed on later', async () => {
    const { time, ends, begin, others } = begun();
    const ear = begin();
    // It begins later, and so it is not late then.
    time.scheduler.schedule(() => void others(), 50);
    time.scheduler.maxFrames = 50;
    time.scheduler.flush();
    time.scheduler.maxFrames = 100;
    ear.heard('reply');
    time.scheduler.flush();
    await Promise.resolve();
    expect(ends).toEqual(['reply']);
  });

  it('is late if it was not heard in time', async () => {
    const { time, ends, stop, begin, others } = begun();
    others();
    const ear = begin();
    time.scheduler.maxFrames = 100;
    time.scheduler.flush();
    ear.heard('reply');
    await turnEnds();
    expect(ends).toEqual([expect.objectContaining({ reason: 'timeout' })]);
    expect(stop).toHaveBeenCalledTimes(1);
  });

  it('is what was heard first', async () => {
    const { ends, begin, others } = begun();
    others();
    const ear = begin();
    ear.heard('first');
    ear.heard('second');
    await turnEnds();
    expect(ends).toEqual(['first']);
  });

  it('is a failure that comes before it is handed on; others that are under way are waited for all the same', async () => {
    const { ends, begin, others } = begun();
    others();
    const ear = begin();
    ear.heard('reply');
    ear.failed('failure');
    await Promise.resolve();
    expect(ends).toEqual(['failure']);
    await turnEnds();
    begin().heard('reply');
    await Promise.resolve();
    expect(ends).toEqual(['failure']);
    await turnEnds();
    expect(ends).toEqual(['failure', 'reply']);
  });

  it('is nothing where it was given up before it was handed on; it is not stopped, since it has ended', async () => {
    const { attempt, stop, ends, begin, others } = begun();
    others();
    begin().heard('reply');
    attempt.giveUp();
    await turnEnds();
    expect(ends).toEqual([]);
    expect(stop).not.toHaveBeenCalled();
  });
});

it('hands a verdict on at once, however many others are under way', async () => {
  const deadline = new AttemptDeadline(new TransportSettings({}), new VirtualTime().scheduler, new Traffic());
  const judge = (verdict: Promise<string>) => Promise.resolve(deadline.limit(new Attempt(), JUDGING, verdict));
  void judge(new Promise(() => {}));
  earOf(deadline, new Attempt(), STEP, () => {});
  const ends: string[] = [];
  for (const verdict of ['one', 'another']) void judge(Promise.resolve(verdict)).then((end) => ends.push(end));
  for (let tick = 0; tick < 10; tick++) await Promise.resolve();
  expect(ends).toEqual(['one', 'another']);
});

describe('what several steps came to in one turn', () => {
  const count = 13;
  const begin = {
    replies: (deadline: AttemptDeadline) =>
      deadline.exchange<string>(
        new Attempt(),
        STEP,
        (ear) => void Promise.resolve('reply').then((reply) => ear.heard(reply)),
      ),
    signatures: (deadline: AttemptDeadline) => deadline.limit(new Attempt(), SIGNING, Promise.resolve('signature')),
  };

  it.each([
    ['replies', 1, 2],
    ['replies', 15, 2],
    ['replies', 16, Infinity],
    // Those that have come wait to be handed on, and so are under way as well.
    ['signatures', 1, 2],
    ['signatures', 2, 2],
    ['signatures', 3, Infinity],
  ] as const)(
    'of %s, with %i signatures to come, is handed on %i at a time, and the rest when the turn ends',
    async (kind, signatures, size) => {
      const deadline = new AttemptDeadline(new TransportSettings({}), new VirtualTime().scheduler, new Traffic());
      for (let left = signatures; left > 0; left--) {
        void Promise.resolve(deadline.limit(new Attempt(), SIGNING, new Promise(() => {})));
      }
      void deadline.exchange(new Attempt(), STEP, () => {});
      let ends = 0;
      for (let left = count; left > 0; left--) void Promise.resolve(begin[kind](deadline)).then(() => ends++);
      for (let tick = 0; tick < 10; tick++) await Promise.resolve();
      expect(ends).toBe(size === Infinity ? 0 : count - (count % size));
      await turnEnds();
      expect(ends).toBe(count);
    },
  );
});
