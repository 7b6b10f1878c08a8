import 'reflect-metadata';

import { Controller, Module, Post } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { HealthCheckService, TerminusModule } from '@nestjs/terminus';
import { CloseOrderService, directVariant, Md5Signer, WechatPayModule } from 'nestjs-wechatpay';
import { AutoCloseModule } from 'nestjs-wechatpay/auto-close';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import { WechatPayHealthIndicator } from 'nestjs-wechatpay/health';
import { WechatPayNotificationsModule } from 'nestjs-wechatpay/notifications';
import { ApiCloseOrder } from 'nestjs-wechatpay/openapi';
import { WechatPayTelemetry } from 'nestjs-wechatpay/opentelemetry';
import { Sm2Signer, Sm2Verifier } from 'nestjs-wechatpay/sm';
import { signerConformance } from 'nestjs-wechatpay/testing';

import { autoClose } from './auto-close.js';
import { createApp } from './host.js';

@Controller('orders')
class Orders {
  @Post('close')
  @ApiCloseOrder(directVariant)
  close(): void {}
}

/** Uses every subpath with the package that it needs. */
async function main(): Promise<void> {
  const emulator = await WechatPayEmulator.start();

  @Module({
    imports: [
      WechatPayModule.forRoot({
        isGlobal: true,
        ...emulator.options(),
        signers: [Sm2Signer],
        verifiers: [Sm2Verifier],
        observers: [WechatPayTelemetry],
      }),
      WechatPayNotificationsModule.forRoot(),
      TerminusModule,
    ],
    controllers: [Orders],
    providers: [WechatPayHealthIndicator],
  })
  class AppModule {}

  const app = await createApp(AppModule);
  await app.init();
  const indicator = app.get(WechatPayHealthIndicator);
  const { status } = await app.get(HealthCheckService).check([() => indicator.isHealthy()]);
  const { components } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
  const { scheme } = new Sm2Signer();
  const cases = signerConformance(() => new Md5Signer(), { scheme: 'MD5' });
  await app.close();

  const autoClosed: Record<string, string[]> = {};
  const [prefix = '', ...urls] = process.argv.slice(2);
  for (const url of urls) {
    const store = { kind: 'bullmq', url, prefix } as const;
    const { protocol } = new URL(url);
    autoClosed[protocol] = await autoClose(emulator, store, protocol.replace(':', '001').toUpperCase());
  }
  await emulator.stop();
  const modules = [CloseOrderService.name, AutoCloseModule.name];
  process.stdout.write(
    JSON.stringify({
      health: status,
      schemas: Object.keys(components?.schemas ?? {}).sort(),
      scheme,
      hasCases: cases.length > 3,
      modules,
      autoClosed,
    }),
  );
}

void main();
