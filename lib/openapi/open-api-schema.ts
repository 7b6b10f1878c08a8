import { z } from 'zod';

/** A schema object of OpenAPI 3.0, as `@ApiBody({ schema })` and `@ApiResponse({ schema })` take it. */
export type OpenApiSchema = Omit<z.core.JSONSchema.Schema, '$schema' | 'examples'> & { readonly example?: unknown };

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
  return z.toJSONSchema(schema, {
    target: 'openapi-3.0',
    io: 'input',
    unrepresentable: 'any',
    reused: 'inline',
    override: ({ jsonSchema }) => {
      showExample(jsonSchema);
      leaveOutForbidden(jsonSchema);
    },
  });
}

/** OpenAPI 3.0 knows one `example` and no `examples`. */
function showExample(schema: z.core.JSONSchema.BaseSchema): void {
  const { examples } = schema;
  if (examples === undefined) return;
  delete schema.examples;
  schema['example'] = examples[0];
}

/** A field that must be absent is no property: `additionalProperties: false` forbids it already. */
function leaveOutForbidden(schema: z.core.JSONSchema.BaseSchema): void {
  const { properties } = schema;
  if (properties === undefined) return;
  schema.properties = Object.fromEntries(
    Object.entries(properties).filter(([, field]) => typeof field === 'boolean' || !('not' in field)),
  );
}
