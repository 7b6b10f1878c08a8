import type { CloseJob } from '../../scheduling/close-job.js';
import type { SchedulerStats, StoredClose } from '../../scheduling/close-scheduler.js';
import type { ClaimedClose, Verdict } from '../../scheduling/close-work.js';
import { isCancellable } from '../../scheduling/cancellable.js';
import { asRow, transaction } from './statements.js';
import { claimedOf, storedOf } from './rows.js';
import type { SqliteConnection, SqliteStatement } from './sqlite-driver.js';

const OPEN = 'recorded_at IS NULL';
const UNLEASED = '(lease_until IS NULL OR lease_until <= ?)';
/** While nobody looked, nothing was tried. */
const SINCE = 'CASE attempts WHEN 0 THEN max(since, ?) ELSE since END';
const LET_GO = 'lease = NULL, lease_until = NULL';
const MOST_PURGED = 500;

/** A job that was claimed under a lease. */
export interface Leased {
  readonly claimed: ClaimedClose;
  readonly lease: string;
}

/**
 * The table of closes. Times are in milliseconds since 1970. Whatever writes does so in a transaction: its beginning waits for other
 * processes, or fails. A kept statement that failed for them would stay open in `libsql`, and no other transaction could commit.
 */
export class CloseTable {
  readonly #statements = new Map<string, SqliteStatement>();

  constructor(private readonly connection: SqliteConnection) {}

  /** Adds a job, unless its id is there and its order was found. */
  add(job: CloseJob): boolean {
    const afresh = `job = excluded.job, due_at = excluded.due_at, since = excluded.since, attempts = 0, ${LET_GO}, settlement = NULL, recorded_at = NULL`;
    const sql = `INSERT INTO closes (id, job, due_at, since) VALUES (?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET ${afresh} WHERE instr(settlement, '"state":"NOT_FOUND"') > 0`;
    return Number(this.#sql(sql).run(job.id, JSON.stringify(job), job.closeAt, job.closeAt).changes) === 1;
  }

  find(id: string, now: number): StoredClose | undefined {
    const [row] = this.#sql('SELECT * FROM closes WHERE id = ?').all(id);
    return row === undefined ? undefined : storedOf(asRow(row), now);
  }

  /** Removes a job that may be cancelled, and tells what was there. It belongs in a transaction. */
  cancel(id: string, now: number): StoredClose | undefined {
    const stored = this.find(id, now);
    if (stored !== undefined && isCancellable(stored)) this.#sql('DELETE FROM closes WHERE id = ?').run(id);
    return stored;
  }

  /** Makes a job due now, and tells what was there. It belongs in a transaction. */
  bringForward(id: string, now: number): StoredClose | undefined {
    const stored = this.find(id, now);
    if (stored?.state === 'waiting') {
      this.#sql(`UPDATE closes SET due_at = min(due_at, ?), ${LET_GO} WHERE id = ?`).run(now, id);
    }
    if (stored?.state === 'givenUp') {
      const afresh = 'attempts = 0, settlement = NULL, recorded_at = NULL, is_given_up = 0';
      this.#sql(`UPDATE closes SET due_at = ?, since = ?, ${afresh} WHERE id = ?`).run(now, now, id);
    }
    return stored;
  }

  /** When the next job is due that no worker has. */
  nextDueAt(now: number): number | undefined {
    const sql = `SELECT due_at FROM closes WHERE ${OPEN} AND ${UNLEASED} ORDER BY due_at LIMIT 1`;
    const [row] = this.#sql(sql).all(now);
    return row === undefined ? undefined : Number(asRow(row)['due_at']);
  }

  /**
   * Takes due jobs under a lease.
   *
   * @param now - the time
   * @param lease - never used before
   * @param until - when others may take them over
   * @param most - how many
   * @param onMalformed - told of a row that cannot be read; it stays under the lease, so that the others go on
   * @param mostAgain - how many of them may have been tried before
   */
  claim(
    now: number,
    lease: string,
    until: number,
    most: number,
    onMalformed: (id: string) => void,
    mostAgain = most,
  ): Leased[] {
    const all = `SELECT id FROM (${dueWhere('attempts = 0')} UNION ALL ${dueWhere('attempts > 0')}) ORDER BY due_at LIMIT ?`;
    const sql = `UPDATE closes SET lease = ?, lease_until = ?, attempts = attempts + 1, since = ${SINCE} WHERE id IN (${all}) RETURNING *`;
    const rows = this.#lightly(() =>
      transaction(this.connection, () =>
        this.#sql(sql).all(lease, until, now, now, now, most, now, now, Math.max(0, mostAgain), most),
      ),
    );
    return rows.map(asRow).flatMap((row) => {
      try {
        return { claimed: claimedOf(row), lease };
      } catch {
        onMalformed(String(row['id']));
        return [];
      }
    });
  }

  /** Makes leases longer, all at once, and tells which jobs are not under theirs any more. */
  renew(all: readonly Leased[], until: number): Leased[] {
    const sql = 'UPDATE closes SET lease_until = ? WHERE id = ? AND lease = ?';
    return this.#lightly(() =>
      transaction(this.connection, () =>
        all.filter(({ claimed, lease }) => !this.#changed(sql, until, claimed.job.id, lease)),
      ),
    );
  }

  /** Writes what an attempt came to. `false` if the job is not under its lease any more: then nothing is written. */
  write({ claimed, lease }: Leased, verdict: Verdict, now: number): boolean {
    const where = `WHERE id = ? AND lease = ? AND ${OPEN}`;
    const { id } = claimed.job;
    switch (verdict.kind) {
      case 'done': {
        const { settlement } = verdict;
        const isGivenUp = settlement.state === 'GIVEN_UP' ? 1 : 0;
        const sql = `UPDATE closes SET settlement = ?, recorded_at = ?, is_given_up = ?, ${LET_GO} ${where}`;
        return this.#changed(sql, JSON.stringify(settlement), now, isGivenUp, id, lease);
      }
      case 'again': {
        const settlement = verdict.settlement === undefined ? null : JSON.stringify(verdict.settlement);
        const sql = `UPDATE closes SET due_at = ?, settlement = ?, ${LET_GO} ${where}`;
        return this.#changed(sql, Math.ceil(now + verdict.afterMs), settlement, id, lease);
      }
      case 'released':
        return this.#changed(`UPDATE closes SET attempts = attempts - 1, ${LET_GO} ${where}`, id, lease);
    }
  }

  stats(now: number): SchedulerStats {
    const open = asRow(
      this.#sql(
        `SELECT count(*) AS open, coalesce(sum(lease_until > ?), 0) AS running,
           coalesce(sum(due_at <= ? AND ${UNLEASED}), 0) AS due
         FROM closes WHERE ${OPEN}`,
      ).all(now, now, now)[0],
    );
    const recorded = asRow(
      this.#sql(
        'SELECT count(*) AS recorded, coalesce(sum(is_given_up), 0) AS given_up FROM closes WHERE recorded_at IS NOT NULL',
      ).all()[0],
    );
    const nextDueAt = this.nextDueAt(now);
    return {
      waiting: Number(open['open']) - Number(open['running']),
      due: Number(open['due']),
      running: Number(open['running']),
      settled: Number(recorded['recorded']) - Number(recorded['given_up']),
      givenUp: Number(recorded['given_up']),
      oldestOverdueMs: nextDueAt === undefined ? 0 : Math.max(0, now - nextDueAt),
    };
  }

  /**
   * Removes some of the records that are older than they need be.
   *
   * @param before - those that were recorded until then
   * @returns whether there may be more
   */
  purge(before: number): boolean {
    const old = `SELECT id FROM closes WHERE recorded_at IS NOT NULL AND is_given_up = 0 AND recorded_at <= ? LIMIT ?`;
    const sql = `DELETE FROM closes WHERE id IN (${old})`;
    const { changes } = transaction(this.connection, () => this.#sql(sql).run(before, MOST_PURGED));
    return Number(changes) === MOST_PURGED;
  }

  /** Writes without waiting for the disk: a lease that a power cut undoes is that of a worker that is gone. */
  #lightly<T>(write: () => T): T {
    this.connection.exec('PRAGMA synchronous = NORMAL');
    try {
      return write();
    } finally {
      this.connection.exec('PRAGMA synchronous = FULL');
    }
  }

  #changed(sql: string, ...values: (string | number | null)[]): boolean {
    return Number(this.#sql(sql).run(...values).changes) === 1;
  }

  #sql(sql: string): SqliteStatement {
    const known = this.#statements.get(sql) ?? this.connection.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }
}

/** Those that are due and that no worker has, the oldest first. */
function dueWhere(which: string): string {
  return `SELECT * FROM (SELECT id, due_at FROM closes WHERE ${OPEN} AND due_at <= ? AND ${UNLEASED} AND ${which} ORDER BY due_at LIMIT ?)`;
}
