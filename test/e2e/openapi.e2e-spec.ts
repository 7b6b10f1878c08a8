import { describe, expect, it } from '@jest/globals';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { Test } from '@nestjs/testing';
import { Validator } from '@seriousme/openapi-schema-validator';
import {
  type ClosedOrder,
  combineVariant,
  directVariant,
  globalByIdVariant,
  globalByOutTradeNoVariant,
  hkByIdVariant,
  hkByOutTradeNoVariant,
  partnerVariant,
  repaymentVariant,
  v2Variant,
  type WechatPayProblem,
} from 'nestjs-wechatpay';
import {
  ApiCloseOrder,
  ApiWechatPayProblems,
  closedOrderSchema,
  openApiSchema,
  wechatPayProblemSchema,
} from 'nestjs-wechatpay/openapi';
import type { z } from 'zod';

const VARIANTS = [
  v2Variant,
  directVariant,
  partnerVariant,
  combineVariant,
  repaymentVariant,
  hkByIdVariant,
  hkByOutTradeNoVariant,
  globalByIdVariant,
  globalByOutTradeNoVariant,
];

/** What a document says of `@Post('close')`. */
async function documentOf(...decorators: MethodDecorator[]) {
  @Controller()
  class Orders {
    @Post('close')
    @HttpCode(200)
    close(@Body() _request: object): void {}
  }
  for (const decorate of decorators) {
    const method = Object.getOwnPropertyDescriptor(Orders.prototype, 'close');
    if (method === undefined) throw new Error('There is no method.');
    decorate(Orders.prototype, 'close', method);
  }
  const module = await Test.createTestingModule({ controllers: [Orders] }).compile();
  const app = module.createNestApplication({ logger: false });
  const document = SwaggerModule.createDocument(app, new DocumentBuilder().build());
  await app.close();
  return document;
}

describe.each(VARIANTS.map((variant) => [variant.name, variant] as const))('a route of %s', (name, variant) => {
  it('has the schema that checks the request, under the name of the variant', async () => {
    const document = await documentOf(ApiCloseOrder(variant, { status: 200 }));
    await expect(new Validator().validate(JSON.parse(JSON.stringify(document)))).resolves.toMatchObject({
      valid: true,
    });
    const component = `${name.charAt(0).toUpperCase()}${name.slice(1)}CloseRequest`;
    expect(document.paths['/close']?.post?.requestBody).toEqual({
      required: true,
      content: { 'application/json': { schema: { $ref: `#/components/schemas/${component}` } } },
    });
    expect(document.components?.schemas?.[component]).toMatchObject(openApiSchema(variant.request));
  });

  it("names each field in WeChat Pay's words", () => {
    const text = JSON.stringify(openApiSchema(variant.request));
    const fields = text.match(/"(?:\w+)":\{"type":"(?:string|array)"|"(?:\w+)":\{"minItems"/g) ?? [];
    expect(fields.length).toBeGreaterThan(0);
    expect(text.match(/"description":"[\u4e00-\u9fff]+/g)).toHaveLength(fields.length);
    expect(text).not.toMatch(/"(?:not|examples)":/);
  });
});

describe('the replies of a route', () => {
  it('are the closed order, and the problems of the filter', async () => {
    const { paths, components } = await documentOf(ApiCloseOrder(directVariant, { status: 200, summary: 'Close' }));
    const operation = paths['/close']?.post;
    expect(operation?.summary).toBe('Close');
    const problem = {
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/WechatPayProblem' } } },
    };
    expect(operation?.responses).toMatchObject({
      200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/ClosedOrder' } } } },
      400: problem,
      404: problem,
      409: problem,
      502: problem,
      504: problem,
    });
    expect(components?.schemas).toMatchObject({
      ClosedOrder: openApiSchema(closedOrderSchema),
      WechatPayProblem: openApiSchema(wechatPayProblemSchema),
    });
  });

  it('may be the problems alone', async () => {
    const { paths } = await documentOf(ApiWechatPayProblems());
    expect(Object.keys(paths['/close']?.post?.responses ?? {})).toEqual(['400', '404', '409', '502', '504']);
  });

  it('say of a route nothing that it does not do: Nest answers 201 unless told otherwise', async () => {
    const { paths } = await documentOf(ApiCloseOrder(directVariant));
    expect(paths['/close']?.post?.responses).toHaveProperty('201');
  });
});

/** Compiles only while the schemas say what is emitted and answered. */
export const asEmitted = (order: ClosedOrder): z.input<typeof closedOrderSchema> => ({
  ...order,
  response: order.response && { ...order.response },
});
export const asAnswered = ({ issues, ...problem }: WechatPayProblem): z.input<typeof wechatPayProblemSchema> => ({
  ...problem,
  issues: issues && [...issues],
});
/** Compiles only while the schema leaves no property of a problem out. */
export const asDocumented = (name: keyof WechatPayProblem): keyof z.input<typeof wechatPayProblemSchema> => name;
