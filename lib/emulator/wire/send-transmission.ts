import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { sendReply } from './send-reply.js';
import type { Transmission, TransmissionStep } from './transmission.js';

/** Responses whose connection the emulator closed of its own accord. */
const closedHere = new WeakSet<ServerResponse>();

/**
 * Whether the emulator, not the client, closed the connection of a response.
 *
 * @param response - the response
 */
export function isClosedHere(response: ServerResponse): boolean {
  return closedHere.has(response);
}

/**
 * Sends what there is to send, until the client leaves.
 *
 * @param response - where to; nothing happens if it is gone
 * @param transmission - the steps
 * @throws Error if a header cannot be sent
 */
export async function sendTransmission(response: ServerResponse, { steps }: Transmission): Promise<void> {
  const { socket } = response.req;
  if (socket.destroyed) return;
  const left = new AbortController();
  const leave = (): void => left.abort();
  socket.once('close', leave);
  try {
    for (const step of steps) {
      if (left.signal.aborted) return;
      // oxlint-disable-next-line no-await-in-loop -- the steps follow one another
      await take(step, response, socket, left.signal);
    }
  } finally {
    socket.off('close', leave);
  }
}

async function take(
  step: TransmissionStep,
  response: ServerResponse,
  socket: Socket,
  left: AbortSignal,
): Promise<void> {
  switch (step.do) {
    case 'reply':
      return sendReply(response, step.reply);
    case 'write':
      return write(socket, step.bytes);
    case 'drip':
      return drip(socket, step.bytes, step.everyMs, left);
    case 'wait':
      return wait(step.ms, left);
    case 'close':
      closedHere.add(response);
      if (step.how === 'reset') socket.resetAndDestroy();
      else socket.destroySoon();
  }
}

/** Ends once the system has the bytes, or they cannot be sent any more. */
async function write(socket: Socket, bytes: Buffer): Promise<void> {
  await new Promise<void>((resolve) => {
    socket.write(bytes, () => resolve());
  });
}

async function drip(socket: Socket, bytes: Buffer, everyMs: number, left: AbortSignal): Promise<void> {
  for (const [index] of bytes.entries()) {
    if (left.aborted) return;
    // oxlint-disable-next-line no-await-in-loop -- one byte after the other is the point
    await write(socket, bytes.subarray(index, index + 1));
    // oxlint-disable-next-line no-await-in-loop -- as above
    await wait(everyMs, left);
  }
}

async function wait(ms: number | 'untilClientLeaves', left: AbortSignal): Promise<void> {
  if (left.aborted) return;
  if (ms === 'untilClientLeaves') {
    await new Promise<void>((resolve) => {
      left.addEventListener('abort', () => resolve(), { once: true });
    });
    return;
  }
  // The only way for it to fail is that the client left.
  await sleep(ms, undefined, { signal: left }).catch(() => undefined);
}
