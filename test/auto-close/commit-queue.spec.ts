import { expect, it } from '@jest/globals';

import { CommitQueue } from '../../lib/auto-close/stores/sqlite/commit-queue.js';
import type { SqliteConnection } from '../../lib/auto-close/stores/sqlite/sqlite-driver.js';
import { loadDriver } from '../../lib/auto-close/stores/sqlite/load-driver.js';

/** A connection in memory that notes its transactions. */
async function connect(): Promise<{ connection: SqliteConnection; log: string[] }> {
  const inner = new (await loadDriver())(':memory:');
  const log: string[] = [];
  inner.exec('CREATE TABLE t (n INTEGER PRIMARY KEY)');
  const connection: SqliteConnection = {
    exec: (sql) => {
      log.push(sql);
      return inner.exec(sql);
    },
    prepare: (sql) => inner.prepare(sql),
    close: () => inner.close(),
  };
  return { connection, log };
}

it('commits once what comes at once', async () => {
  const { connection, log } = await connect();
  const commits = new CommitQueue(connection);
  const insert = connection.prepare('INSERT INTO t VALUES (?)');
  const results = await Promise.all(
    Array.from({ length: 50 }, (_, n) =>
      commits.add(() => {
        insert.run(n);
        return n;
      }),
    ),
  );
  expect(results).toEqual(Array.from({ length: 50 }, (_, n) => n));
  expect(log).toEqual(['BEGIN IMMEDIATE', 'COMMIT']);
  await commits.add(() => insert.run(50));
  expect(log).toEqual(['BEGIN IMMEDIATE', 'COMMIT', 'BEGIN IMMEDIATE', 'COMMIT']);
  connection.close();
});

it('writes all but what fails of a transaction of which a part fails', async () => {
  const { connection, log } = await connect();
  const commits = new CommitQueue(connection);
  const insert = connection.prepare('INSERT INTO t VALUES (?)');
  const ends = await Promise.allSettled([1, 2, 2].map((n) => commits.add(() => insert.run(n))));
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  expect(log.filter((sql) => sql === 'COMMIT')).toHaveLength(2);
  expect(connection.prepare('SELECT n FROM t').all()).toMatchObject([{ n: 1 }, { n: 2 }]);
  connection.close();
});

it('commits before it is closed what waits', async () => {
  const { connection } = await connect();
  const commits = new CommitQueue(connection);
  const insert = connection.prepare('INSERT INTO t VALUES (?)');
  const waiting = commits.add(() => insert.run(1));
  commits.flush();
  expect(connection.prepare('SELECT n FROM t').all()).toMatchObject([{ n: 1 }]);
  await waiting;
  connection.close();
});
