import { type ArgumentsHost, Catch, type ExceptionFilter, HttpStatus, Inject } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type Outcome, WechatPayError } from 'nestjs-wechatpay';

/** What this application answers where a close ends in other than closed. Yours may see it differently. */
const STATUS_OF: Readonly<Record<Outcome, HttpStatus>> = {
  not_sent: HttpStatus.BAD_REQUEST,
  paid: HttpStatus.CONFLICT,
  not_found: HttpStatus.NOT_FOUND,
  in_progress: HttpStatus.CONFLICT,
  needs_reverse: HttpStatus.CONFLICT,
  refused: HttpStatus.BAD_GATEWAY,
  unknown: HttpStatus.GATEWAY_TIMEOUT,
};

/** Turns a {@link WechatPayError} into an HTTP answer: the status by its outcome, the error itself as the body. */
@Catch(WechatPayError)
export class WechatPayErrorFilter implements ExceptionFilter<WechatPayError> {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  catch(error: WechatPayError, context: ArgumentsHost): void {
    const response = context.switchToHttp().getResponse<object>();
    this.host.httpAdapter.reply(response, error.toJSON(), STATUS_OF[error.outcome]);
  }
}
