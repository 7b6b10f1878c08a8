import { HttpService } from '@nestjs/axios';
import { Inject, Injectable } from '@nestjs/common';
import type { AxiosRequestConfig, AxiosResponse } from 'axios';
import { defer, map, take, throwIfEmpty } from 'rxjs';

import { AttemptFault } from '../answers/attempt-fault.js';
import type { Ear } from '../environment/ear.js';
import { CallWatch } from '../observability/call-watch.js';
import type { Attempt } from './attempt.js';
import { AttemptDeadline } from './attempt-deadline.js';
import type { AttemptProgress } from './attempt-progress.js';
import { ConnectionPool } from './connection-pool.js';
import { HttpFront } from './http-front.js';
import { type Abort, exchangeOverNode } from './node-exchange.js';
import { nodeHttpAdapter } from './node-http.adapter.js';
import { Sending } from './sending.js';
import type { WireReply, WireRequest } from './wire.js';

/** The one place that touches `HttpService`: signed bytes out, raw bytes in, within a deadline. */
@Injectable()
export class WechatPayTransport {
  readonly #front: HttpFront;

  constructor(
    @Inject(HttpService) private readonly http: HttpService,
    @Inject(ConnectionPool) private readonly pool: ConnectionPool,
    @Inject(AttemptDeadline) private readonly deadline: AttemptDeadline,
    @Inject(CallWatch) private readonly watch: CallWatch,
  ) {
    this.#front = new HttpFront(http);
  }

  /**
   * Sends a request.
   *
   * @param attempt - if it is given up, the request's socket is closed
   * @param wire - what was signed
   * @returns the whole reply, whatever its status
   * @throws {@link AttemptFault} where there is none within the deadline
   */
  send(attempt: Attempt, wire: WireRequest): Promise<WireReply> {
    // Given up after it was signed: nothing is sent, and nobody hears of it.
    if (attempt.isGivenUp) return new Promise(() => {});
    const sending = new Sending(attempt);
    const { progress } = sending;
    return this.deadline.exchange<WireReply>(attempt, sending, (ear) =>
      this.watch.sending(() => {
        // Code of the application runs here, and may give the call up.
        if (attempt.isGivenUp) return;
        const { isPlain } = this.#front;
        sending.began(isPlain ? this.#plainly(wire, progress, ear) : this.#throughAxios(wire, progress, ear));
      }),
    );
  }

  #plainly(wire: WireRequest, progress: AttemptProgress, ear: Ear<WireReply>): Abort {
    progress.begin();
    return exchangeOverNode(wire, this.pool, progress, ear);
  }

  /** By way of the interceptors and defaults of the application. */
  #throughAxios(wire: WireRequest, progress: AttemptProgress, ear: Ear<WireReply>): Abort {
    const given = new AbortController();
    const reply = defer(() => this.http.request<unknown>(this.#config(wire, progress, given.signal))).pipe(
      throwIfEmpty(),
      map(wireReply),
      take(1),
    );
    const asking = reply.subscribe({
      next: (whole) => ear.heard(whole),
      error: (error) => ear.failed(faultFrom(error, progress)),
    });
    return () => {
      try {
        asking.unsubscribe();
      } catch {
        // A teardown of the application's own, which must not keep the call from ending.
      }
      given.abort();
    };
  }

  #config(wire: WireRequest, progress: AttemptProgress, given: AbortSignal): AxiosRequestConfig {
    return {
      method: wire.method,
      url: wire.origin + wire.target,
      headers: { ...wire.headers },
      data: wire.body,
      adapter: nodeHttpAdapter(wire, this.pool, progress, given),
      // The bytes that go out are the ones that were signed, and the ones that come in are the ones to verify.
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
      responseType: 'arraybuffer',
      validateStatus: null,
      maxRedirects: 0,
      proxy: false,
    };
  }
}

function wireReply({ status, headers, data }: AxiosResponse<unknown>): WireReply {
  const entries = Object.entries(headers).map(([name, value]): [string, string[]] => [
    name.toLowerCase(),
    Array.isArray(value) ? value.map(String) : [String(value)],
  ]);
  return { status, headers: new Map(entries), body: bytesOf(data) };
}

function bytesOf(data: unknown): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (typeof data === 'string') return Buffer.from(data);
  if (data === undefined || data === null) return new Uint8Array();
  throw new AttemptFault('body', 'interceptor', 'An axios interceptor replaced the raw bytes of the reply.');
}

function faultFrom(error: unknown, { phase }: AttemptProgress): AttemptFault {
  if (error instanceof AttemptFault) return error;
  // An error of axios or of an interceptor may hold the request and its headers, so nothing of it is kept.
  return new AttemptFault(phase, 'interceptor', 'The HTTP client or one of its interceptors failed.');
}
