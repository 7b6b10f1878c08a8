import { HttpService } from '@nestjs/axios';

/** Of everything that axios can be told by default, our adapter listens to these alone. */
const HEEDED = ['baseURL', 'params', 'signal', 'cancelToken'] as const;
/** Methods for which some versions of axios have a `Content-Type`; every POST of ours has its own. */
const WITH_BODY = new Set(['post', 'put', 'patch']);

const ownRequest: unknown = Reflect.get(HttpService.prototype, 'request');

/** What marks the axios instance that the module made for itself. It is never called: each request names its adapter. */
export function ownAdapter(): Promise<never> {
  return Promise.reject(new Error('This axios instance sends requests of nestjs-wechatpay alone.'));
}

/**
 * Knows whether `HttpService` would hand a request to our adapter just as it is. Then there is no need to ask it: axios' way
 * there costs a quarter of what the signature costs.
 */
export class HttpFront {
  readonly #request: unknown;

  /** @param http - of the module, or what the application put in its place */
  constructor(private readonly http: HttpService) {
    this.#request = isOwn(http) ? Reflect.get(http.axiosRef, 'request') : undefined;
  }

  /**
   * Whether it adds nothing: it is the module's own, and neither it nor its axios instance has been given an interceptor, a
   * default or a method since. Asked before each request, since any of them may come at any time.
   */
  get isPlain(): boolean {
    const { http } = this;
    if (this.#request === undefined || !isOwn(http)) return false;
    const { axiosRef } = http;
    return (
      axiosRef.request === this.#request &&
      isIdle(axiosRef.interceptors.request) &&
      isIdle(axiosRef.interceptors.response) &&
      HEEDED.every((name) => axiosRef.defaults[name] === undefined) &&
      addsNoHeader(axiosRef.defaults.headers)
    );
  }
}

function isOwn(http: HttpService): boolean {
  // What an application puts in its place may be anything.
  return http instanceof HttpService && http.request === ownRequest && http.axiosRef.defaults.adapter === ownAdapter;
}

/** Axios does not type its list of handlers, in which those that were ejected are `null`. */
function isIdle(interceptors: object): boolean {
  return (
    'handlers' in interceptors &&
    Array.isArray(interceptors.handlers) &&
    interceptors.handlers.every((handler) => handler === null)
  );
}

/** They are grouped by method; a header beside the groups is the application's. */
function addsNoHeader(defaults: Readonly<Record<string, unknown>>): boolean {
  for (const group in defaults) {
    const headers = defaults[group];
    if (typeof headers !== 'object' || headers === null) return false;
    // Every request of ours has its own `Accept`, and every POST its own `Content-Type`.
    for (const name in headers) {
      const isOverwritten = name === 'Accept' || (name === 'Content-Type' && WITH_BODY.has(group));
      if (!isOverwritten && Reflect.get(headers, name) !== undefined) return false;
    }
  }
  return true;
}
