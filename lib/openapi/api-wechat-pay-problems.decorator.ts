import { applyDecorators, HttpStatus } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, getSchemaPath } from '@nestjs/swagger';

import { component } from './component.js';
import { wechatPayProblemSchema } from './wechat-pay-problem.schema.js';

const Problem = component('WechatPayProblem', wechatPayProblemSchema);

/** What {@link WechatPayExceptionFilter} answers, by status. */
const PROBLEMS = new Map<number, string>([
  [HttpStatus.BAD_REQUEST, 'Nothing was sent: the request does not hold, or the order is too young (`not_sent`)'],
  [HttpStatus.NOT_FOUND, 'WeChat Pay does not know the order (`not_found`)'],
  [HttpStatus.CONFLICT, 'Paid (`paid`), being paid (`in_progress`), or to be reversed instead (`needs_reverse`)'],
  [HttpStatus.BAD_GATEWAY, 'WeChat Pay refused the request (`refused`)'],
  [HttpStatus.GATEWAY_TIMEOUT, 'Nothing is proven: the order may be open, closed or paid (`unknown`)'],
]);

/**
 * Documents what {@link WechatPayExceptionFilter} answers where an order is not closed: 400, 404, 409, 502 and 504 with
 * `application/problem+json`. For routes that do more than close; {@link ApiCloseOrder} has it already.
 *
 * @returns a decorator of a controller or of a route
 */
export function ApiWechatPayProblems(): ClassDecorator & MethodDecorator {
  const content = { 'application/problem+json': { schema: { $ref: getSchemaPath(Problem) } } };
  return applyDecorators(
    ApiExtraModels(Problem),
    ...[...PROBLEMS].map(([status, description]) => ApiResponse({ status, description, content })),
  );
}
