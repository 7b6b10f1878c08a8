import type { ApiResponseSchemaHost } from '@nestjs/swagger';
import { z } from 'zod';

/** A schema as OpenAPI 3.0 has it. */
export type OpenApiSchema = ApiResponseSchemaHost['schema'];

/**
 * Says a zod schema in the words of OpenAPI, so that the documentation cannot differ from the check.
 *
 * @param schema - of a request's or a reply's body
 */
export function openApiSchema(schema: z.ZodType): OpenApiSchema {
  // Rules that JSON Schema has no words for, such as `refine`, are left out rather than refused.
  return z.toJSONSchema(schema, { target: 'openapi-3.0', io: 'input', unrepresentable: 'any' }) as OpenApiSchema;
}
