import type { EmulatorReply } from './emulator-reply.js';

/** One step of a {@link Transmission}. Bytes go to the socket as they are, past Node's HTTP. */
export type TransmissionStep =
  /** Sends a whole reply as HTTP wants it. It is the last step, and the connection lives on. */
  | { readonly do: 'reply'; readonly reply: EmulatorReply }
  /** Sends bytes. */
  | { readonly do: 'write'; readonly bytes: Buffer }
  /** Sends bytes one at a time. */
  | { readonly do: 'drip'; readonly bytes: Buffer; readonly everyMs: number }
  /** Waits so many milliseconds, or until the client leaves. */
  | { readonly do: 'wait'; readonly ms: number | 'untilClientLeaves' }
  /** Closes the connection, in good order or by a reset. It is the last step. */
  | { readonly do: 'close'; readonly how: 'end' | 'reset' };

/** All that is sent for one request, step by step. */
export interface Transmission {
  readonly steps: readonly TransmissionStep[];
  /** What the client has in the end; absent if that is not a whole reply. */
  readonly reply?: EmulatorReply | undefined;
}

/** The connection closes without a word. */
export const DROPPED: Transmission = { steps: [{ do: 'close', how: 'end' }] };

/**
 * A reply that is sent as HTTP wants it.
 *
 * @param reply - the reply
 */
export function whole(reply: EmulatorReply): Transmission {
  return { steps: [{ do: 'reply', reply }], reply };
}
