import { describe, expect, it } from '@jest/globals';
import { firstValueFrom, NEVER, type Observable, of, Subject, throwError } from 'rxjs';

import { SingleFlight } from '../../../lib/close-order/single-flight.js';
import { heardBy, listen } from '../../../lib/environment/ear.js';

/** As an Observable, which is how callers have it. */
function share<T>(flight: SingleFlight<T>, key: string, begin: () => Observable<T>): Observable<T> {
  // By the first letter alone: calls of one number are told apart by their keys.
  return heardBy((ear) =>
    flight.join(
      key.charAt(0),
      () => key,
      ear,
      (all) => listen(begin(), all),
    ),
  );
}

/** Courses that the test steers, by their keys, and how often each was begun. */
function flights() {
  const flight = new SingleFlight<number>();
  const courses = new Map<string, Subject<number>>();
  const begun: string[] = [];
  const begin = (key: string) => () => {
    begun.push(key);
    const course = new Subject<number>();
    courses.set(key, course);
    return course;
  };
  return { begun, course: (key: string) => courses.get(key), call: (key: string) => share(flight, key, begin(key)) };
}

describe('SingleFlight', () => {
  it('begins nothing before somebody subscribes', () => {
    const { call, begun } = flights();
    call('a');
    expect(begun).toEqual([]);
  });

  it('lets equal calls share a course, and never different ones', () => {
    const { call, course, begun } = flights();
    const heard: string[] = [];
    const hear = (who: string, key: string) => call(key).subscribe((value) => heard.push(`${who}${value}`));
    hear('1', 'a');
    hear('2', 'a');
    hear('3', 'ab');
    course('a')?.next(7);
    expect(begun).toEqual(['a', 'ab']);
    expect(heard).toEqual(['17', '27']);
  });

  it.each([
    ['came to something', (course: Subject<number> | undefined) => course?.next(1)],
    ['failed', (course: Subject<number> | undefined) => course?.error(new Error('x'))],
  ])('begins afresh after a course %s', (_, end) => {
    const { call, course, begun } = flights();
    call('a').subscribe({ error: () => {} });
    end(course('a'));
    call('a').subscribe({ error: () => {} });
    expect(begun).toEqual(['a', 'a']);
  });

  it('ends a course with the last who unsubscribes, and not before', () => {
    const { call, course, begun } = flights();
    const [first, second] = [call('a').subscribe(), call('a').subscribe()];
    first.unsubscribe();
    expect(course('a')?.observed).toBe(true);
    second.unsubscribe();
    expect(course('a')?.observed).toBe(false);
    call('a').subscribe();
    expect(begun).toEqual(['a', 'a']);
  });

  it('forgets a course that ends at once', async () => {
    const flight = new SingleFlight<number>();
    expect(await firstValueFrom(share(flight, 'a', () => of(1)))).toBe(1);
    expect(await firstValueFrom(share(flight, 'a', () => of(2)))).toBe(2);
    await expect(firstValueFrom(share(flight, 'a', () => throwError(() => new Error('x'))))).rejects.toThrow('x');
    expect(await firstValueFrom(share(flight, 'a', () => of(3)))).toBe(3);
  });

  it('may be asked twice through the same Observable', () => {
    const flight = new SingleFlight<never>();
    let begun = 0;
    const call = share(flight, 'a', () => {
      begun++;
      return NEVER;
    });
    call.subscribe().unsubscribe();
    call.subscribe().unsubscribe();
    expect(begun).toBe(2);
  });
});
