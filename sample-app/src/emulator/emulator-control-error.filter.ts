import { type ArgumentsHost, Catch, type ExceptionFilter, HttpStatus, Inject } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { EmulatorControlError } from 'nestjs-wechatpay/emulator';

/** Answers 409 to what the emulator cannot do, such as paying an order that is closed. */
@Catch(EmulatorControlError)
export class EmulatorControlErrorFilter implements ExceptionFilter<EmulatorControlError> {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  catch({ name, message }: EmulatorControlError, context: ArgumentsHost): void {
    const response = context.switchToHttp().getResponse<object>();
    this.host.httpAdapter.reply(response, { name, message }, HttpStatus.CONFLICT);
  }
}
