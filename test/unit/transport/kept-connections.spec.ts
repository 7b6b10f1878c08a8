import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { KeptConnections } from '../../../lib/transport/kept-connections.js';
import { until } from '../../support/until.js';

let server: Server;
let connections: Socket[];
let paths: string[];
let agent: Agent;

beforeEach(async () => {
  connections = [];
  paths = [];
  server = createServer((heard, response) => {
    paths.push(heard.url ?? '');
    setTimeout(() => response.end(String(heard.socket.remotePort)), 5);
  });
  server.on('connection', (socket) => connections.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  agent = new Agent({ keepAlive: true, maxSockets: 2 });
});
afterEach(async () => {
  agent.destroy();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

function kept(mayKeep: (socket: Socket) => boolean = () => true): KeptConnections {
  return new KeptConnections(agent, mayKeep);
}

function begin(path = '/') {
  return request({ agent, host: '127.0.0.1', port: (server.address() as AddressInfo).port, path });
}

/** The port of the connection that carried it. */
async function ask(path = '/'): Promise<string> {
  const asked = begin(path);
  asked.end();
  const [response] = await once(asked, 'response');
  let body = '';
  for await (const chunk of response) body += String(chunk);
  // Only then is the connection free.
  await new Promise((resolve) => setImmediate(resolve));
  return body;
}

/** Our end of the only connection. */
function theClient(): Socket {
  const [client] = Object.values(agent.sockets).flatMap((sockets) => sockets ?? []);
  if (client === undefined) throw new Error('There is no connection.');
  return client;
}

/** As many as the agent has put aside, which is none where connections are kept here. */
const asideByAgent = () => Object.values(agent.freeSockets).flat().length;

describe('KeptConnections', () => {
  it('carry one request after the other on the connection used last', async () => {
    kept();
    const [, second] = await Promise.all([ask(), ask('/later')]);
    expect(connections).toHaveLength(2);
    expect([await ask(), await ask(), await ask()]).toEqual([second, second, second]);
    expect(asideByAgent()).toBe(0);
  });

  it('are never more than the agent allows; further requests wait, and go in order', async () => {
    kept();
    const asked = ['/1', '/2', '/3', '/4', '/5', '/6'];
    await Promise.all(asked.map((path) => ask(path)));
    expect(connections).toHaveLength(2);
    expect(paths).toEqual(asked);
  });

  it('tell a request that its connection is not new', async () => {
    kept();
    await ask();
    const second = begin();
    second.end();
    const [response] = await once(second, 'response');
    response.resume();
    expect(second.reusedSocket).toBe(true);
  });

  it('are closed when they have been idle for too long', async () => {
    kept((socket) => Boolean(socket.setTimeout(20)));
    await ask();
    await until(() => connections[0]?.destroyed === true);
    await ask();
    expect(connections).toHaveLength(2);
  });

  it('last while a reply takes longer than they may be idle', async () => {
    kept((socket) => Boolean(socket.setTimeout(1)));
    await ask();
    await ask();
    expect(await ask()).not.toBe('');
  });

  it('are not kept where that is not allowed', async () => {
    const mayKeep = () => false;
    agent.keepSocketAlive = mayKeep;
    kept(mayKeep);
    await ask();
    await until(() => connections[0]?.destroyed === true);
  });

  it('are closed when they are dropped', async () => {
    const all = kept();
    await ask();
    all.drop();
    await until(() => connections[0]?.destroyed === true);
    await ask();
    expect(connections).toHaveLength(2);
  });

  it('are closed with the agent', async () => {
    kept();
    await ask();
    agent.destroy();
    await until(() => connections[0]?.destroyed === true);
  });

  it.each<[string, (socket: Socket) => void]>([
    ['ended', (socket) => socket.end()],
    ['reset', (socket) => socket.resetAndDestroy()],
  ])('that the server has %s while they were idle are not used again', async (_, close) => {
    kept();
    await ask();
    connections.forEach(close);
    await until(() => Object.keys(agent.sockets).length === 0);
    await ask();
    expect(connections).toHaveLength(2);
  });

  it.each<[string, (run: () => void) => void]>([
    ['at once', (run) => run()],
    ['in the next tick', (run) => process.nextTick(run)],
    ['in the next turn of the event loop', (run) => setImmediate(run)],
  ])('that were idle for too long are not used by a request that comes %s', async (_, soon) => {
    kept((socket) => Boolean(socket.setTimeout(20)));
    await ask();
    const client = theClient();
    const next = new Promise<string>((resolve, reject) => {
      client.once('timeout', () => soon(() => void ask().then(resolve, reject)));
    });
    expect(await next).not.toBe('');
    expect(connections).toHaveLength(2);
  });

  it('that the server has reset are not used by a request that comes while that becomes known', async () => {
    kept();
    await ask();
    const client = theClient();
    const next = new Promise<string>((resolve, reject) => {
      client.once('error', () => void ask().then(resolve, reject));
    });
    connections[0]?.resetAndDestroy();
    expect(await next).not.toBe('');
  });

  it('that were opened beyond the limit are closed once they are free', async () => {
    const connect = agent.createConnection.bind(agent);
    // The agent does not count connections that take time to make, such as tunnels.
    agent.createConnection = (options, done) => {
      setImmediate(() => done?.(null, connect(options) ?? new Socket()));
      return undefined;
    };
    kept();
    await Promise.all(Array.from({ length: 8 }, () => ask()));
    await until(() => connections.filter(({ destroyed }) => !destroyed).length <= 2);
    expect(connections.length).toBeGreaterThan(2);
  });

  it('are not taken along by a request that ends before it begins', async () => {
    kept();
    await ask();
    const left = begin();
    left.on('error', () => {});
    left.destroy();
    left.end();
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(paths).toHaveLength(1);
    await Promise.all([ask(), ask(), ask()]);
    expect(paths).toHaveLength(4);
    expect(connections.filter(({ destroyed }) => !destroyed).length).toBeLessThanOrEqual(2);
  });

  it('hand each reply to whoever asked, in its own context', async () => {
    kept();
    const storage = new AsyncLocalStorage<number>();
    const heard = await Promise.all(
      [1, 2, 3, 4, 5].map((number) =>
        storage.run(number, async () => {
          const asked = begin();
          const inResponse = new Promise<number | undefined>((resolve) => {
            asked.on('response', (response) => {
              response.resume();
              resolve(storage.getStore());
            });
          });
          asked.end();
          return inResponse;
        }),
      ),
    );
    expect(heard).toEqual([1, 2, 3, 4, 5]);
  });

  it('are left to the agent where they are opened for a request that ends before it begins', async () => {
    const openAfterLeaving = async () => {
      const left = begin();
      left.on('error', () => {});
      left.destroy();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return [agent.sockets, agent.freeSockets].flatMap((sockets) => Object.values(sockets).flat()).length;
    };
    // Node 24 keeps such a connection for the next request, Node 20 closes it.
    const byNode = await openAfterLeaving();
    agent.destroy();
    agent = new Agent({ keepAlive: true, maxSockets: 2 });
    kept();
    expect(await openAfterLeaving()).toBe(byNode);
  });

  it('keep a process alive only while they are in use', async () => {
    kept((socket) => Boolean(socket.unref()));
    await ask();
    const client = theClient();
    let isHeld = false;
    client.ref = () => {
      isHeld = true;
      return client;
    };
    await ask();
    expect(isHeld).toBe(true);
  });

  it('hold neither the request that they carried nor, once closed, themselves', async () => {
    const all = kept();
    await ask();
    const client = theClient();
    expect(Reflect.get(client, '_httpMessage')).toBeNull();
    connections[0]?.end();
    await until(() => Object.keys(agent.sockets).length === 0);
    let isKnown = false;
    client.destroy = () => {
      isKnown = true;
      return client;
    };
    all.drop();
    expect(isKnown).toBe(false);
  });

  it('are left to an agent that something else listens to', async () => {
    agent.on('free', () => {});
    kept();
    await ask();
    expect(asideByAgent()).toBe(1);
  });
});
