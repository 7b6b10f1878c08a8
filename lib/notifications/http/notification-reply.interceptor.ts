import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { concat, defer, ignoreElements, type Observable, of } from 'rxjs';

import type { HttpRequest } from './raw-body.js';
import { successReply } from './replies.js';
import { apiOfRequest } from './seen-requests.js';

/** Answers a notification that the handler has dealt with, whatever the handler returns. */
@Injectable()
export class NotificationReplyInterceptor implements NestInterceptor<unknown, string | undefined> {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<string | undefined> {
    const http = context.switchToHttp();
    const reply = defer(() => {
      const { body, contentType } = successReply(apiOfRequest(http.getRequest<HttpRequest>()));
      if (contentType !== undefined) {
        this.host.httpAdapter.setHeader(http.getResponse<object>(), 'Content-Type', contentType);
      }
      return of(body);
    });
    return concat(next.handle().pipe(ignoreElements()), reply);
  }
}
