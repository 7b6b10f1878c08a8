import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';

/**
 * Serves Swagger UI at `/docs` and its document at `/docs-json`. Everything comes from this machine.
 *
 * @param app - whose routes are documented
 */
export function serveApiDocs(app: INestApplication): void {
  const config = new DocumentBuilder()
    .setTitle('nestjs-wechatpay sample shop')
    .setDescription('Closes WeChat Pay orders (关闭订单) in all nine variants.')
    .setVersion('0.1.0')
    .addTag('orders', 'Close orders 关闭订单')
    .addTag('shop', 'Place and pay orders on the emulator')
    .build();
  SwaggerModule.setup('docs', app, () => SwaggerModule.createDocument(app, config), {
    customSiteTitle: 'nestjs-wechatpay sample shop: API',
  });
}
