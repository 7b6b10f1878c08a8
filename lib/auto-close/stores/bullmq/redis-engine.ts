import type { Redis, RedisOptions } from 'ioredis';

import { CloseStoreError } from '../../errors/close-store.error.js';
import { inWords } from '../in-words.js';
import type { BullmqStoreOptions } from './bullmq-store.options.js';
import { redisDangers } from './redis-dangers.js';
import type { CloseWorker, QueueEngine } from './close-queue.js';
import { loadBullmq, loadIoredis } from './load-packages.js';
import { PatientClients } from './patient-clients.js';
import { nameOf, type Server } from './server-of.js';

/** Whoever schedules must hear at once that the server is gone: nothing waits for it to come back. */
const FAIL_FAST: RedisOptions = {
  lazyConnect: true,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 1,
  connectTimeout: 5_000,
  disconnectTimeout: 200,
  commandTimeout: 5_000,
};
/** Enough for tools that follow the queue; each settlement is repeated in its stream of events. */
const EVENTS_KEPT = 1_000;

/**
 * Opens a queue in Redis.
 *
 * @param server - which
 * @param options - of the store
 * @param report - told of a server that may lose what it has acknowledged
 * @param onError - told of trouble with a connection
 * @throws {@link CloseStoreError} if it cannot be used, with what to do
 */
export async function openRedis(
  server: Server,
  { prefix = 'wechatpay' }: BullmqStoreOptions,
  report: (problem: string) => void,
  onError: (error: Error) => void,
): Promise<QueueEngine> {
  const { Queue, Worker } = await loadBullmq('ioredis');
  const { Redis: Client } = await loadIoredis();
  const name = nameOf(server);
  const settings = { ...server.options, ...(server.url !== undefined && { url: server.url }) };
  const connect = (change: RedisOptions): Redis => {
    const { url, ...rest }: { url?: string } = { ...settings, ...change };
    const client = url === undefined ? new Client(rest) : new Client(url, rest);
    client.on('error', onError);
    return client;
  };
  const producer = connect(FAIL_FAST);
  const patience = new PatientClients(connect);
  let lastError: unknown;
  producer.on('error', (error) => (lastError = error));
  try {
    await producer.connect();
    redisDangers(await producer.info(), name).forEach(report);
  } catch (error) {
    producer.disconnect();
    throw new CloseStoreError(
      'open',
      `${name} cannot be used by auto-close (${inWords(lastError ?? error)}): check store.url or store.connection, and that the server runs.`,
    );
  }
  const queue = new Queue<unknown, unknown, string>('auto-close', {
    connection: producer,
    prefix,
    streams: { events: { maxLen: EVENTS_KEPT } },
  });
  queue.on('error', onError);
  return {
    name,
    queue,
    createWorker: (processor, chosen): CloseWorker => {
      const client = patience.connect();
      const worker = new Worker<unknown, unknown, string>('auto-close', processor, {
        ...chosen,
        connection: client,
        prefix,
      });
      // Closed by force, BullMQ may still hear of a job, and would take it without ever writing what became of it.
      worker.on('closed', () => client.disconnect());
      return worker;
    },
    abandon: () => patience.end(),
    close: async () => {
      await queue.close();
      producer.disconnect();
      patience.end();
    },
  };
}
