import type { INestApplicationContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  CloseOrderService,
  Clock,
  WechatPayModule,
  type WechatPayModuleExtras,
  type WechatPayModuleOptions,
} from 'nestjs-wechatpay';
import { EmulatorKeys, type EmulatorOptions, WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import { type Observable, lastValueFrom } from 'rxjs';

/** One set of keys for all emulators of a test file: making them takes a while. */
export const keys = EmulatorKeys.generate();

/** One attempt whose reply alone decides, so that a test sees what a single reply comes to. */
export const ONE_TRY = { confirm: 'never', retry: { attempts: 1 } } as const;

/** A shop: a real Nest application and a WeChat Pay that it talks to. */
export interface TestShop {
  readonly emulator: WechatPayEmulator;
  readonly app: INestApplicationContext;
  readonly service: CloseOrderService;
  /** The shop's clock: the emulator's, until a test stops it to look at the very edge of a window. */
  readonly clock: { stoppedAt?: number | undefined };
  close(): Promise<void>;
}

/**
 * Opens a shop.
 *
 * @param change - what its options have besides the emulator's
 * @param emulated - what the emulator does besides the usual
 * @param providers - what stands in for providers of the module, by their tokens
 */
export async function openShop(
  change: Partial<WechatPayModuleOptions & WechatPayModuleExtras> = {},
  emulated: EmulatorOptions = {},
  providers: readonly (readonly [token: unknown, value: unknown])[] = [],
): Promise<TestShop> {
  const emulator = await WechatPayEmulator.start({ keys, ...emulated });
  const clock: TestShop['clock'] = {};
  const options = { ...emulator.options('both'), ...ONE_TRY, ...change };
  const builder = Test.createTestingModule({ imports: [WechatPayModule.forRoot(options)] })
    // The shop's clock follows the emulator's, so that a test may set both or drive them apart.
    .overrideProvider(Clock)
    .useValue({ now: () => clock.stoppedAt ?? emulator.clock.now() });
  for (const [token, value] of providers) builder.overrideProvider(token).useValue(value);
  const module = await builder.compile();
  const app = await module.init();
  return {
    emulator,
    app,
    service: app.get(CloseOrderService),
    clock,
    close: async () => {
      await app.close();
      await emulator.stop();
    },
  };
}

/** What a call ended in: the value, or the error. */
export async function ending(call: Observable<unknown>): Promise<unknown> {
  try {
    return await lastValueFrom(call);
  } catch (error) {
    return error;
  }
}
