import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';

import { type ClosedOrderBookProvider, closedOrderBookProvider } from './ghosts/closed-order-book.provider.js';
import { RefusalLog } from './http/refusal.log.js';
import { MerchantFinder } from './merchant.finder.js';
import { V2NotificationReader } from './v2/v2-notification.reader.js';
import { BelievingMerchants } from './v3/believing-merchants.js';
import { V3NotificationReader } from './v3/v3-notification.reader.js';
import { WechatPayNotifications } from './wechat-pay-notifications.js';

/** What {@link WechatPayNotificationsModule.forRoot} takes. */
export interface WechatPayNotificationsModuleOptions {
  /**
   * Whether every module of the application sees {@link WechatPayNotifications} without importing this one.
   *
   * @default false
   */
  readonly isGlobal?: boolean;
  /**
   * Knows which orders your shop has closed, for `ghost`: a class, or `{ useClass }`, `{ useExisting }` or
   * `{ useFactory, inject? }`. Without it, `ghost` is `undefined`.
   */
  readonly closedOrders?: ClosedOrderBookProvider;
  /** Modules that `closedOrders` injects from; and the one that exports `WechatPayModule`, unless that is global. */
  readonly imports?: NonNullable<ModuleMetadata['imports']>;
}

/**
 * Registers {@link WechatPayNotifications}. Import it once, beside `WechatPayModule`, whose merchants and keys it uses: make that
 * one global, or name the module that exports it in `imports`. The application must be created with `rawBody: true`.
 */
@Module({})
export class WechatPayNotificationsModule {
  /**
   * Registers the module.
   *
   * @param options - all of them may be left out
   * @example
   * ```ts
   * WechatPayNotificationsModule.forRoot({ isGlobal: true, imports: [OrdersModule], closedOrders: ClosedInTable })
   * ```
   */
  static forRoot(options: WechatPayNotificationsModuleOptions = {}): DynamicModule {
    const { isGlobal = false, closedOrders, imports = [] } = options;
    return {
      module: WechatPayNotificationsModule,
      global: isGlobal,
      imports,
      providers: [
        WechatPayNotifications,
        V3NotificationReader,
        BelievingMerchants,
        V2NotificationReader,
        MerchantFinder,
        RefusalLog,
        closedOrderBookProvider(closedOrders),
      ],
      exports: [WechatPayNotifications, RefusalLog],
    };
  }
}
