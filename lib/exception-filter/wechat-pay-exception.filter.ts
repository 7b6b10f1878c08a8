import { type ArgumentsHost, Catch, type ExceptionFilter, Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Observable, throwError } from 'rxjs';

import { WechatPayError } from '../errors/wechat-pay.error.js';
import { problemOf, retryAfterSeconds, type WechatPayProblem } from './problem.js';
import { emitException, type WebSocketClient } from './websocket-client.js';

/**
 * Answers a {@link WechatPayError} with the HTTP status of its outcome and an `application/problem+json` body (RFC 9457), on
 * Express and Fastify: 400 not sent, 404 not found, 409 paid, in progress or to be reversed, 502 refused, 504 unknown; with
 * `Retry-After` where it is known how long to wait. Nest itself answers 500.
 *
 * A microservice's caller gets `{ status: 'error', message, statusCode, … }`, as it does of an `RpcException`; a gateway's client
 * the same in the event `exception`; and in GraphQL the error is thrown on, for its own formatting. It is never used unless you
 * name it. To tell less, or more, override {@link WechatPayExceptionFilter.problem}.
 *
 * @example
 * ```ts
 * @UseFilters(WechatPayExceptionFilter) // or { provide: APP_FILTER, useClass: WechatPayExceptionFilter }
 * @Controller('orders')
 * export class OrdersController {}
 * ```
 */
@Injectable()
@Catch(WechatPayError)
export class WechatPayExceptionFilter implements ExceptionFilter<WechatPayError> {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  /**
   * Answers an error.
   *
   * @param error - of a call
   * @param host - where it was thrown
   * @returns in a microservice an Observable that fails
   * @throws the error itself in GraphQL, and wherever else nobody is known to answer
   */
  catch(error: WechatPayError, host: ArgumentsHost): Observable<never> | void {
    const kind: string = host.getType();
    if (kind === 'http') return this.#reply(error, host.switchToHttp().getResponse<object>());
    if (kind === 'rpc') return throwError(() => this.#message(error));
    if (kind !== 'ws') throw error;
    emitException(host.switchToWs().getClient<WebSocketClient>(), this.#message(error));
  }

  /**
   * What is told of an error.
   *
   * @param error - of a call
   * @returns the body; its `status` is the HTTP status
   */
  protected problem(error: WechatPayError): WechatPayProblem {
    return problemOf(error);
  }

  #reply(error: WechatPayError, response: object): void {
    const { httpAdapter } = this.host;
    const problem = this.problem(error);
    const seconds = retryAfterSeconds(error, Date.now());
    httpAdapter.setHeader(response, 'Content-Type', 'application/problem+json; charset=utf-8');
    if (seconds !== undefined) httpAdapter.setHeader(response, 'Retry-After', String(seconds));
    httpAdapter.reply(response, problem, problem.status);
  }

  /** The shape of an `RpcException`, whose `status` is a word. */
  #message(error: WechatPayError): object {
    const { status: statusCode, detail: message, ...rest } = this.problem(error);
    return { status: 'error', message, statusCode, ...rest };
  }
}
