import type { Redis, RedisOptions } from 'ioredis';

const LONGEST_PAUSE_MS = 2_000;

/** Connections to Redis of workers, which wait for the server as long as it takes, until they are ended. */
export class PatientClients {
  readonly #clients = new Set<Redis>();
  #isEnded = false;

  /** @param open - makes a client */
  constructor(private readonly open: (options: RedisOptions) => Redis) {}

  /** Makes one. BullMQ makes copies of it, which belong to it. */
  connect(): Redis {
    const client = this.open({
      maxRetriesPerRequest: null,
      connectTimeout: 5_000,
      disconnectTimeout: 200,
      retryStrategy: (times) => (this.#isEnded ? null : Math.min(times * 50, LONGEST_PAUSE_MS)),
    });
    const duplicate = client.duplicate.bind(client);
    client.duplicate = (override) => this.#keep(duplicate(override));
    return this.#keep(client);
  }

  /**
   * Ends them all. One that has lost its server and was told to disconnect while it waited to try again never says that it has
   * ended, and BullMQ waits for that: it tries once more, for the last time.
   */
  end(): void {
    this.#isEnded = true;
    for (const client of this.#clients) {
      if (client.status === 'reconnecting') {
        client.connect().then(
          () => client.disconnect(),
          () => {},
        );
      } else client.disconnect();
    }
  }

  #keep(client: Redis): Redis {
    this.#clients.add(client);
    client.on('end', () => this.#clients.delete(client));
    return client;
  }
}
