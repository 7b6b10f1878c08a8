import type { ClientRequest } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

import type { DoubtPhase } from '../answers/doubt.js';

/** Follows one attempt on its socket, so that a fault can say whether WeChat Pay may have seen the request. */
export class AttemptProgress {
  // Until our own exchange runs, an interceptor may have sent the request by other means.
  #phase: DoubtPhase = 'sent';
  #began = false;
  #socket: Socket | undefined;
  #bytesBefore = 0;

  /** How far the attempt has got. */
  get phase(): DoubtPhase {
    const heard = this.#socket !== undefined && this.#socket.bytesRead > this.#bytesBefore;
    return this.#phase === 'sent' && heard ? 'headers' : this.#phase;
  }

  /** Our own exchange has taken over: from now on it is known what has been sent. */
  begin(): void {
    if (!this.#began) this.#phase = 'notSent';
    this.#began = true;
  }

  /** Starts to follow a request. */
  follow(request: ClientRequest): void {
    request.on('socket', (socket) => {
      if (socket.connecting)
        socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => this.#sent(socket));
      else this.#sent(socket);
    });
  }

  /** The reply's headers are there. */
  heard(): void {
    this.#phase = 'body';
  }

  #sent(socket: Socket): void {
    this.#socket = socket;
    this.#bytesBefore = socket.bytesRead;
    this.#phase = 'sent';
  }
}
