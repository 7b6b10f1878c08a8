/** What a gateway's client may have, of Socket.IO or of the package ws. */
export interface WebSocketClient {
  readonly readyState?: unknown;
  send?(text: string): void;
  emit?(event: string, payload: object): void;
}

/**
 * Tells a gateway's client of an exception, in the way and shape of Nest's own filter.
 *
 * @param client - of Socket.IO, or a plain web socket, whose `emit` tells nobody but the server
 * @param payload - what it is told
 */
export function emitException(client: WebSocketClient, payload: object): void {
  if (typeof client.readyState === 'number' && typeof client.send === 'function') {
    client.send(JSON.stringify({ event: 'exception', data: payload }));
  } else {
    client.emit?.('exception', payload);
  }
}
