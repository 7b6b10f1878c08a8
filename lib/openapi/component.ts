import type { Type } from '@nestjs/common';
import { ApiSchema } from '@nestjs/swagger';
import type { z } from 'zod';

import { openApiSchema } from './open-api-schema.js';

/**
 * Makes a zod schema one of `components.schemas`. Nest puts there what a class describes, so the class is empty and stands for
 * the schema.
 *
 * @param name - in the document, under which client generators name their type
 * @param schema - that it stands for
 * @returns the class, for `@ApiBody({ type })` and `@ApiResponse({ type })`
 */
export function component(name: string, schema: z.ZodType): Type<unknown> {
  class Component {}
  ApiSchema({ name, ...openApiSchema(schema) })(Component);
  return Component;
}
