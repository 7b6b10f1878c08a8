import { type CallHandler, type ExecutionContext, Inject, Injectable, type NestInterceptor } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { map, type Observable } from 'rxjs';

import type { HttpRequest } from './raw-body.js';
import { successReply } from './replies.js';
import { apiOfRequest } from './seen-requests.js';

/** Answers a notification that the handler has dealt with, whatever the handler returns. */
@Injectable()
export class NotificationReplyInterceptor implements NestInterceptor<unknown, string | undefined> {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<string | undefined> {
    const http = context.switchToHttp();
    return next.handle().pipe(
      map(() => {
        const { body, contentType } = successReply(apiOfRequest(http.getRequest<HttpRequest>()));
        if (contentType !== undefined) {
          this.host.httpAdapter.setHeader(http.getResponse<object>(), 'Content-Type', contentType);
        }
        return body;
      }),
    );
  }
}
