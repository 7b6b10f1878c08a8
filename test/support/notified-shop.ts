import {
  Controller,
  Inject,
  type INestApplication,
  Module,
  type NestInterceptor,
  Param,
  Post,
  UseGuards,
} from '@nestjs/common';
import { type NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import {
  Clock,
  CloseOrderService,
  WechatPayModule,
  type WechatPayModuleExtras,
  type WechatPayModuleOptions,
} from 'nestjs-wechatpay';
import { type EmulatorOptions, type EmulatorOrder, WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import {
  MemoryClosedOrders,
  NotificationEndpoint,
  NotificationRefusedError,
  PaymentNotification,
  type ReceivedNotification,
  WechatPayNotificationGuard,
  WechatPayNotifications,
  WechatPayNotificationsModule,
} from 'nestjs-wechatpay/notifications';

import { keys } from './test-shop.js';

/** The frameworks that Nest runs on. */
export const PLATFORMS = ['express', 'fastify'] as const;
export type Platform = (typeof PLATFORMS)[number];

const BODY_LIMIT = 2_000_000;

/** What the handlers were given, and what they do. */
export class Handled {
  readonly payments: PaymentNotification[] = [];
  /** What the handler throws instead. */
  failure: unknown;

  /** How often the handler fails from now on, and succeeds then. */
  failures = 0;

  take(payment: PaymentNotification): string {
    if (this.failures-- > 0) throw new Error('not this time');
    if (this.failure !== undefined) throw this.failure;
    this.payments.push(payment);
    return 'what a handler returns is not for WeChat Pay';
  }
}

@Controller('notify')
class NotifyController {
  constructor(@Inject(Handled) private readonly handled: Handled) {}

  @Post()
  @NotificationEndpoint()
  async any(@PaymentNotification() payment: PaymentNotification): Promise<string> {
    return this.handled.take(payment);
  }

  @Post('of/:mchid')
  @NotificationEndpoint({ merchantParam: 'mchid' })
  one(@PaymentNotification() payment: PaymentNotification, @Param('mchid') mchid: string): string {
    return this.handled.take(payment) + mchid;
  }

  @Post('unguarded')
  unguarded(@PaymentNotification() payment: PaymentNotification): string {
    return this.handled.take(payment);
  }
}

@Controller('guarded-twice')
@UseGuards(WechatPayNotificationGuard)
class GuardedTwiceController {
  constructor(@Inject(Handled) private readonly handled: Handled) {}

  @Post()
  @NotificationEndpoint()
  paid(@PaymentNotification() payment: PaymentNotification): string {
    return this.handled.take(payment);
  }
}

/** A shop that WeChat Pay notifies over real HTTP. */
export interface NotifiedShop {
  readonly emulator: WechatPayEmulator;
  readonly app: INestApplication;
  readonly handled: Handled;
  readonly closed: MemoryClosedOrders;
  readonly notifications: WechatPayNotifications;
  readonly closeOrder: CloseOrderService;
  /** Of the shop. */
  readonly url: string;
  /** Places and pays an order, without telling the shop. */
  paid(order: Parameters<WechatPayEmulator['place']>[0]): EmulatorOrder;
  /** Posts bytes to the shop. */
  post(path: string, body: Uint8Array | string, headers: readonly (readonly [string, string])[]): Promise<Reply>;
  close(): Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
}

/** Opens a shop on Express or Fastify. */
export async function openNotifiedShop(
  platform: Platform,
  change: Partial<WechatPayModuleOptions & WechatPayModuleExtras> = {},
  {
    rawBody = true,
    interceptor,
    ...emulated
  }: EmulatorOptions & { rawBody?: boolean; interceptor?: NestInterceptor } = {},
): Promise<NotifiedShop> {
  const emulator = await WechatPayEmulator.start({ keys, ...emulated });
  const handled = new Handled();
  const closed = new MemoryClosedOrders();
  @Module({
    imports: [
      WechatPayModule.forRoot({ ...emulator.options('both'), isGlobal: true, ...change }),
      WechatPayNotificationsModule.forRoot({ closedOrders: { useFactory: () => closed } }),
    ],
    controllers: [NotifyController, GuardedTwiceController],
    providers: [{ provide: Handled, useValue: handled }],
  })
  class ShopModule {}
  const module = await Test.createTestingModule({ imports: [ShopModule] })
    .overrideProvider(Clock)
    .useValue({ now: () => emulator.clock.now() })
    .compile();
  const app = await start(platform, module, rawBody, interceptor === undefined ? [] : [interceptor]);
  app.useLogger(false);
  const url = await app.getUrl();
  return {
    emulator,
    app,
    handled,
    closed,
    notifications: app.get(WechatPayNotifications),
    closeOrder: app.get(CloseOrderService),
    url,
    paid: (order) => emulator.pay(emulator.place(order)),
    post: async (path, body, headers) => {
      const reply = await fetch(url + path, { method: 'POST', body: body as never, headers: headers as never });
      return { status: reply.status, type: reply.headers.get('content-type'), body: await reply.text() };
    },
    close: async () => {
      await app.close();
      await emulator.stop();
    },
  };
}

async function start(
  platform: Platform,
  module: Awaited<ReturnType<ReturnType<typeof Test.createTestingModule>['compile']>>,
  rawBody: boolean,
  interceptors: NestInterceptor[],
): Promise<INestApplication> {
  if (platform === 'express') {
    const app = module.createNestApplication<NestExpressApplication>({ rawBody });
    app.useBodyParser('json', { limit: BODY_LIMIT });
    app.useBodyParser('text', { type: 'text/xml', limit: BODY_LIMIT });
    app.useGlobalInterceptors(...interceptors);
    await app.listen(0, '127.0.0.1');
    return app;
  }
  const adapter = new FastifyAdapter({ bodyLimit: BODY_LIMIT });
  const app = module.createNestApplication<NestFastifyApplication>(adapter, { rawBody });
  app.useBodyParser('text/xml', { bodyLimit: BODY_LIMIT });
  app.useGlobalInterceptors(...interceptors);
  await app.listen(0, '127.0.0.1');
  return app;
}

/** Why a notification is refused; what it says, if it is not. */
export async function refusalOf(
  notifications: WechatPayNotifications,
  notification: ReceivedNotification,
  merchant?: string,
): Promise<unknown> {
  try {
    return await notifications.read(notification, { merchant });
  } catch (error) {
    if (error instanceof NotificationRefusedError) return error.reason;
    throw error;
  }
}

/** A made notification as the shop receives it. */
export function received({
  headers,
  body,
}: {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Uint8Array;
}): ReceivedNotification {
  return { body, headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])) };
}
