import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';

/** Listens with the shortest queue there is, and then accepts nobody. */
const LISTEN_AND_SLEEP = `
  const { createServer } = require('node:net');
  const { parentPort } = require('node:worker_threads');
  const server = createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;

/** An address at which connecting is never answered, neither with yes nor with no. */
export interface BlackHole {
  readonly url: string;
  close(): Promise<void>;
}

/** Opens a black hole: its queue of connections is full, so that the system drops every further one. */
export async function openBlackHole(): Promise<BlackHole> {
  const worker = new Worker(LISTEN_AND_SLEEP, { eval: true });
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const filling: Socket[] = [];
  while (filling.length < 10 && (await fills(port, filling)));
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      for (const socket of filling) socket.destroy();
      await worker.terminate();
    },
  };
}

async function fills(port: number, filling: Socket[]): Promise<boolean> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  filling.push(socket);
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    setTimeout(() => resolve(false), 200);
  });
}
