import { applyDecorators, HttpStatus } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

import { openApiSchema } from './open-api-schema.js';
import { closedOrderSchema, errorSchema, rejectionSchema } from './reply-schemas.js';

/**
 * Documents one close route.
 *
 * @param summary - what it closes
 * @param schema - the library's, which the handler checks the body with, too
 * @param example - a body that holds
 */
export function CloseDocs<TRequest>(summary: string, schema: z.ZodType<TRequest>, example: TRequest): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ApiBody({ required: true, schema: { ...openApiSchema(schema), example } }),
    ApiResponse({
      status: HttpStatus.OK,
      description: "Closed, proven by WeChat Pay's signature",
      schema: openApiSchema(closedOrderSchema),
    }),
  );
}

/** Documents what every close route answers where the order is not closed. */
export function CloseErrorDocs(): ClassDecorator {
  const error = openApiSchema(errorSchema);
  const invalid = { oneOf: [openApiSchema(rejectionSchema), error] };
  return applyDecorators(
    ApiResponse({
      status: HttpStatus.BAD_REQUEST,
      description: 'Nothing was sent: the request does not hold (`not_sent`)',
      schema: invalid,
    }),
    ApiResponse({
      status: HttpStatus.NOT_FOUND,
      description: 'WeChat Pay does not know the order (`not_found`)',
      schema: error,
    }),
    ApiResponse({
      status: HttpStatus.CONFLICT,
      description: 'Paid (`paid`), being paid (`in_progress`), or to be reversed instead (`needs_reverse`)',
      schema: error,
    }),
    ApiResponse({
      status: HttpStatus.BAD_GATEWAY,
      description: 'WeChat Pay refused the request (`refused`)',
      schema: error,
    }),
    ApiResponse({
      status: HttpStatus.GATEWAY_TIMEOUT,
      description: 'Nothing is proven: the order may be open, closed or paid (`unknown`)',
      schema: error,
    }),
  );
}
