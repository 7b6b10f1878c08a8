import { z } from 'zod';

/** A schema object of OpenAPI 3.0, as `@ApiBody({ schema })` and `@ApiResponse({ schema })` take it. */
export type OpenApiSchema = Omit<z.core.JSONSchema.Schema, '$schema' | 'examples'>;

/**
 * Puts a zod schema in the words of OpenAPI 3.0, so that the documentation cannot differ from the check. What OpenAPI has no
 * words for, such as a `refine`, is left out.
 *
 * @param schema - of a request's or a reply's body
 * @returns the schema inline, without `$ref`
 *
 * @example
 * ```ts
 * @ApiBody({ schema: openApiSchema(directCloseRequestSchema) })
 * ```
 */
export function openApiSchema(schema: z.ZodType): OpenApiSchema {
  const made = z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => showExample(jsonSchema),
  });
  return { ...withoutForbidden(made), ...(made.anyOf && { anyOf: made.anyOf.map(withoutForbidden) }) };
}

/** OpenAPI 3.0 knows one `example` and no `examples`. */
function showExample(schema: z.core.JSONSchema.BaseSchema): void {
  const { examples } = schema;
  if (examples === undefined) return;
  delete schema.examples;
  schema['example'] = examples[0];
}

/** A field that must be absent, `{ not: {} }`, is no property: `additionalProperties: false` forbids it already. */
function withoutForbidden(schema: z.core.JSONSchema.BaseSchema): z.core.JSONSchema.BaseSchema {
  const { properties } = schema;
  if (properties === undefined) return schema;
  const allowed = Object.entries(properties).filter(([, field]) => typeof field === 'boolean' || !('not' in field));
  return { ...schema, properties: Object.fromEntries(allowed) };
}
