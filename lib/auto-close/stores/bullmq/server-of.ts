import type { BullmqStoreOptions } from './bullmq-store.options.js';

/** Which engine a queue is kept in, and how to reach it. */
export type Server =
  | { readonly engine: 'redis'; readonly url?: string; readonly options: object }
  | { readonly engine: 'postgres'; readonly url?: string; readonly options: object };

const ENGINES: Readonly<Record<string, Server['engine']>> = {
  'redis:': 'redis',
  'rediss:': 'redis',
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
};

/**
 * Reads which server was chosen.
 *
 * @param options - as the application gave them
 * @returns `undefined` where they name none, or more than one
 */
export function serverOf({ url, connection }: Pick<BullmqStoreOptions, 'url' | 'connection'>): Server | undefined {
  if (url !== undefined) {
    const engine = connection === undefined && URL.canParse(url) ? ENGINES[new URL(url).protocol] : undefined;
    return engine && { engine, url, options: {} };
  }
  if (typeof connection !== 'object' || connection === null || Object.keys(connection).length !== 1) return undefined;
  const [engine, options]: [string, unknown] =
    'redis' in connection ? ['redis', connection.redis] : ['postgres', connection.postgres];
  if (typeof options !== 'object' || options === null) return undefined;
  return engine === 'redis' ? { engine, options } : { engine: 'postgres', options };
}

/** The server by its name, for messages: without user and password. */
export function nameOf({ engine, url, options }: Server): string {
  const { host, port }: { host?: unknown; port?: unknown } =
    url === undefined ? { ...options } : { host: new URL(url).hostname, port: new URL(url).port };
  const kind = engine === 'redis' ? 'Redis' : 'PostgreSQL';
  if (typeof host !== 'string' || host === '') return kind;
  const isPort = typeof port === 'number' || (typeof port === 'string' && port !== '');
  return `${kind} at ${host}${isPort ? `:${port}` : ''}`;
}
