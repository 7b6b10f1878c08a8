import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { catchError, concat, defer, ignoreElements, type Observable, of, throwError } from 'rxjs';

import { fixReply } from './fixed-reply.js';
import type { HttpRequest } from './raw-body.js';
import { failureReply, type NotificationReply, successReply } from './replies.js';
import { apiOfRequest } from './seen-requests.js';

/**
 * Answers a notification that the handler has dealt with, whatever the handler returns, and whatever interceptors of the whole
 * application make of it.
 */
@Injectable()
export class NotificationReplyInterceptor implements NestInterceptor<unknown, string | undefined> {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<string | undefined> {
    const http = context.switchToHttp();
    const api = apiOfRequest(http.getRequest<HttpRequest>());
    const fix = (reply: NotificationReply) => fixReply(this.host.httpAdapter, http.getResponse<object>(), reply);
    const done = defer(() => {
      const reply = successReply(api);
      fix(reply);
      return of(reply.body);
    });
    return concat(next.handle().pipe(ignoreElements()), done).pipe(
      catchError((error: unknown) => {
        // The filter answers it better, unless somebody keeps the error from the filter.
        fix(failureReply(api, 500, 'failed'));
        return throwError(() => error);
      }),
    );
  }
}
