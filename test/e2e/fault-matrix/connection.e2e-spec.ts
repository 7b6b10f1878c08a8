import dns from 'node:dns';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterAll, afterEach, beforeAll, describe, expect, jest } from '@jest/globals';

import { type BlackHole, openBlackHole } from '../../support/black-hole.js';
import { bytesOf, headOf } from '../../support/gateway.js';
import { until } from '../../support/until.js';
import { ending } from '../../support/test-shop.js';
import { CLOSED, CLOSED_BY_QUERY, matrix, matrixOfWaits, type MatrixRow, unknown } from './matrix.js';
import { Scene } from './scene.js';
import { Stage } from './stage.js';

/** Short enough to wait for three times, long enough for a machine that is busy. */
const MOMENT_MS = 200;
const MOMENTS = { connectMs: MOMENT_MS, attemptMs: MOMENT_MS, totalMs: 1_000 };

let stage: Stage;
const theStage = () => stage;
afterEach(() => {
  jest.mocked(dns.lookup).mockRestore?.();
});

/** A row whose peer writes text in place of a reply, in one piece, and leaves the connection open. */
function writes(name: string, text: string, rest: Pick<MatrixRow, 'ends'> & Partial<MatrixRow>): MatrixRow {
  return { name, arrange: (scene) => scene.script(({ socket }) => socket.write(text)), ...rest };
}

describe('nobody is there', () => {
  beforeAll(async () => {
    stage = await Stage.open({ gateway: true });
  });
  afterAll(() => stage.close());

  matrix(theStage, [
    {
      name: '1. connection refused',
      arrange: () => stage.gateway?.leave(),
      ends: unknown('notSent', 'connect'),
      tries: 3,
      heard: 0,
    },
  ]);
});

describe('there is no address', () => {
  beforeAll(async () => {
    stage = await Stage.open({ options: { hosts: { mainland: 'https://pay.invalid' }, allowOtherHosts: true } });
  });
  afterAll(() => stage.close());

  /** The resolver of this machine says no. */
  const resolveNothing = (code: string) =>
    jest.spyOn(dns, 'lookup').mockImplementation(((_: string, __: object, callback: (error: Error) => void) => {
      setImmediate(() => callback(Object.assign(new Error(code), { code })));
    }) as never);

  // A name that does not exist is tried again like any other place that cannot be reached: resolvers in trouble say so,
  // too, and nothing was sent.
  matrix(
    theStage,
    ['ENOTFOUND', 'EAI_AGAIN'].map((code) => ({
      name: `2. the name of the host is not found (${code})`,
      arrange: () => resolveNothing(code),
      ends: unknown('notSent', 'connect'),
      tries: 3,
      heard: 0,
      isHopeless: true,
      also: () => expect(dns.lookup).toHaveBeenCalledTimes(3),
    })),
  );
});

describe('connecting is never answered', () => {
  let hole: BlackHole;
  // The limit of an attempt is further off, so that it is not the one that is seen.
  const timeouts = { connectMs: MOMENT_MS, attemptMs: 2_000, totalMs: 5_000 };
  beforeAll(async () => {
    hole = await openBlackHole();
  });
  afterAll(() => hole.close());

  matrixOfWaits(
    () => Stage.open({ options: { hosts: { mainland: hole.url }, timeouts } }),
    [
      {
        name: '3. a black hole',
        arrange: () => {},
        ends: {
          ...unknown('notSent', 'timeout'),
          message: expect.stringContaining(`no connection within ${MOMENT_MS} ms`),
        },
        tries: 3,
        heard: 0,
        atLeastMs: 3 * MOMENT_MS,
        isHopeless: true,
      },
    ],
  );
});

describe('the connection breaks', () => {
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  matrix(theStage, [
    {
      name: '8. reset after the request, which was not processed',
      arrange: (scene) => scene.fault({ kind: 'reset', at: 'beforeProcessing' }),
      ends: unknown('sent', 'reset'),
      tries: 3,
      also: ({ order }) => expect(order.state).toBe('NOTPAY'),
    },
    {
      name: '8. reset after the request, which was processed',
      arrange: (scene) => scene.fault({ kind: 'reset', at: 'beforeHeaders' }),
      ends: unknown('sent', 'reset'),
      tries: 3,
      query: CLOSED_BY_QUERY,
      also: ({ order }) => expect(order.state).toBe('CLOSED'),
    },
    {
      name: '9. closed before the first byte, after the order was closed',
      arrange: (scene) =>
        scene.emulator.afterSigning((_, { request }) => (request.url === scene.path ? 'drop' : undefined)),
      ends: unknown('sent', 'reset'),
      tries: 3,
      query: CLOSED_BY_QUERY,
    },
    {
      name: '9. closed before the first byte, and before the request was processed',
      arrange: (scene) => scene.fault({ kind: 'refuse' }),
      ends: unknown('sent', 'reset'),
      tries: 3,
    },
    {
      name: '10. reset inside the headers',
      arrange: (scene) => scene.fault({ kind: 'reset', at: 'insideHeaders' }),
      ends: unknown('headers', 'reset'),
      tries: 3,
      query: CLOSED_BY_QUERY,
    },
    {
      name: '11. reset inside the body',
      arrange: (scene) => scene.fault({ kind: 'reset', at: 'insideBody' }),
      ends: unknown('body', 'reset'),
      tries: 3,
      query: CLOSED_BY_QUERY,
    },
    {
      name: '15. Content-Length too long',
      arrange: (scene) => scene.fault({ kind: 'contentLength', off: 10 }),
      ends: unknown('body', 'reset'),
      tries: 3,
      query: CLOSED_BY_QUERY,
    },
    {
      name: '15. Content-Length too short',
      arrange: (scene) => scene.fault({ kind: 'contentLength', off: -1 }),
      ends: unknown('body', 'protocol'),
      tries: 3,
      query: CLOSED_BY_QUERY,
    },
    {
      name: '17. garbage',
      arrange: (scene) => scene.fault({ kind: 'garbage' }),
      ends: unknown('headers', 'protocol'),
      tries: 3,
      query: CLOSED_BY_QUERY,
    },
  ]);
});

describe('the connection takes its time', () => {
  /** Writes the start of a reply at once, and the rest one byte in so many milliseconds. */
  const drips =
    (atOnce: string, rest: string): MatrixRow['arrange'] =>
    (scene) =>
      scene.script(async ({ socket }) => {
        socket.write(atOnce);
        for (const byte of rest) {
          if (socket.destroyed) return;
          socket.write(byte);
          await sleep(20);
        }
      });
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n';
  const inVain = { tries: 3, atLeastMs: 3 * MOMENT_MS };

  matrixOfWaits(
    () => Stage.open({ gateway: true, options: { timeouts: MOMENTS } }),
    [
      {
        name: '12. stall before the headers',
        arrange: (scene) => scene.script(() => {}),
        ends: unknown('sent', 'timeout'),
        ...inVain,
      },
      writes('12. stall inside the headers', 'HTTP/1.1 204 No', { ends: unknown('headers', 'timeout'), ...inVain }),
      writes('13. stall inside the body', `${head}{`, { ends: unknown('body', 'timeout'), ...inVain }),
      {
        name: '14. drip in the headers',
        arrange: drips('', `HTTP/1.1 204 No Content\r\nX-Slow: ${'y'.repeat(1_000)}`),
        ends: unknown('headers', 'timeout'),
        ...inVain,
      },
      {
        name: '14. drip in the body',
        arrange: drips(head, ' '.repeat(1_000)),
        ends: unknown('body', 'timeout'),
        ...inVain,
      },
    ],
  );
});

describe('the reply is not what HTTP allows', () => {
  beforeAll(async () => {
    stage = await Stage.open({ gateway: true });
  });
  afterAll(() => stage.close());

  const more = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}';

  matrix(theStage, [
    writes(
      '15. Content-Length too short, and the connection stays',
      'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{"code":1}',
      {
        ends: unknown('body', 'protocol'),
        tries: 3,
      },
    ),
    {
      name: '16. chunks cut off',
      arrange: (scene) =>
        scene.script(({ socket }) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a"')),
      ends: unknown('body', 'reset'),
      tries: 3,
    },
    writes('16. bad size of a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n', {
      ends: unknown('body', 'protocol'),
      tries: 3,
    }),
    writes('17. garbage, and the connection stays', 'SSH-2.0-OpenSSH_9.6\r\n', {
      ends: unknown('headers', 'protocol'),
      tries: 3,
    }),
    {
      name: '17. a header of 20 kB on a reply that is signed',
      arrange: (scene) =>
        scene.script(async ({ socket, forward }) => {
          const reply = await forward();
          socket.write(bytesOf({ ...reply, headers: [...reply.headers, ['X-Large', 'y'.repeat(20_000)]] }));
        }),
      ends: unknown('headers', 'protocol'),
      tries: 3,
    },
    ...['100 Continue', '103 Early Hints'].map((interim): MatrixRow => ({
      name: `18. ${interim} before the reply`,
      arrange: (scene) =>
        scene.script(async ({ socket, forward }) => {
          socket.write(`HTTP/1.1 ${interim}\r\n${interim.startsWith('103') ? 'Link: </x>; rel=preload\r\n' : ''}\r\n`);
          await sleep(5);
          socket.write(bytesOf(await forward()));
        }),
      ends: CLOSED,
    })),
    {
      name: '19. a second reply behind the first, in one piece',
      arrange: (scene) =>
        scene.script(async ({ socket, forward }) =>
          socket.write(Buffer.concat([bytesOf(await forward()), Buffer.from(more)])),
        ),
      ends: CLOSED,
      also: () => until(() => stage.openSockets === 0),
    },
    {
      name: '19. a second reply behind the first, a little later',
      arrange: (scene) =>
        scene.script(async ({ socket, forward }) => {
          socket.write(bytesOf(await forward()));
          await sleep(5);
          socket.write(more);
        }),
      ends: CLOSED,
      also: () => sleep(30),
    },
    {
      name: '7. reset on a reused socket, before the first byte of a reply',
      arrange: async (scene) => {
        // A close before it leaves a socket behind that is used again.
        await ending(new Scene(scene.stage, scene.variant).close('never'));
        let resets = 0;
        scene.script(async ({ socket, forward }) => {
          if (resets++ === 0) socket.resetAndDestroy();
          else socket.write(bytesOf(await forward()));
        });
      },
      ends: CLOSED,
      // The close before it, the one that was reset, and the free one, which is no attempt of its own.
      heard: 3,
      also: () => {
        const sent = stage.requests.map(({ headers, body }) => JSON.stringify([headers, String(body)]));
        expect(new Set(sent).size).toBe(3);
      },
    },
    {
      name: '19. a body behind the 204',
      api: 'v3',
      arrange: (scene) =>
        scene.script(async ({ socket, forward }) => {
          const reply = await forward();
          socket.write(headOf({ ...reply, headers: [...reply.headers, ['Content-Length', '2']] }) + '{}');
        }),
      ends: unknown('body', 'protocol'),
      tries: 3,
    },
  ]);
});
