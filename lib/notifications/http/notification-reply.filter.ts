import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

import { NotificationRefusedError } from '../notification-refused.error.js';
import { freeReply } from './fixed-reply.js';
import { type HttpRequest, RawBodyMissingError } from './raw-body.js';
import { RefusalLog } from './refusal.log.js';
import { failureReply } from './replies.js';
import { apiOfRequest } from './seen-requests.js';

/** Answers a notification that was refused, or that the handler failed on, so that WeChat Pay sends it again. */
@Catch()
export class NotificationReplyFilter implements ExceptionFilter {
  readonly #logger = new Logger('WechatPay');

  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(RefusalLog) private readonly refusals: RefusalLog,
  ) {}

  catch(error: unknown, context: ArgumentsHost): void {
    const http = context.switchToHttp();
    const api = apiOfRequest(http.getRequest<HttpRequest>());
    const { status, body, contentType = '' } = failureReply(api, statusOf(error), this.#tell(error));
    const response = http.getResponse<object>();
    freeReply(response);
    this.host.httpAdapter.setHeader(response, 'Content-Type', contentType);
    this.host.httpAdapter.reply(response, body, status);
  }

  /** Tells the log all, and the sender little: it may be anybody. */
  #tell(error: unknown): string {
    if (error instanceof NotificationRefusedError) {
      this.refusals.note(error);
      return `refused: ${error.reason}`;
    }
    if (error instanceof RawBodyMissingError) this.#logger.error(error.message);
    else this.#logger.error('A payment notification failed; WeChat Pay sends it again.', stackOf(error));
    return 'failed';
  }
}

/** A handler that answers less than 400 by an exception has failed all the same. */
function statusOf(error: unknown): number {
  const status =
    error instanceof HttpException
      ? error.getStatus()
      : error instanceof NotificationRefusedError
        ? error.statusCode
        : undefined;
  return status !== undefined && status >= 400 ? status : 500;
}

function stackOf(error: unknown): unknown {
  return error instanceof Error ? error.stack : error;
}
