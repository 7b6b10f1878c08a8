import { type INestApplication, Inject, Injectable, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  CloseOrderService,
  HmacSha256Signer,
  OrderPaidError,
  OutcomeUnknownError,
  type SigningIdentity,
  WechatPayModule,
} from 'nestjs-wechatpay';
import { WechatPayEmulator } from 'nestjs-wechatpay/emulator';
import { firstValueFrom } from 'rxjs';
import { afterAll, beforeAll, describe, expect, it } from 'the-runner';

@Injectable()
class OwnSigner extends HmacSha256Signer {
  static signed = 0;

  override sign(message: string, identity: SigningIdentity): string {
    OwnSigner.signed++;
    return super.sign(message, identity);
  }
}

@Injectable()
class Cancellations {
  constructor(@Inject(CloseOrderService) readonly closeOrder: CloseOrderService) {}

  direct(out_trade_no: string) {
    return firstValueFrom(this.closeOrder.direct({ out_trade_no }));
  }
}

/** Injected by its type alone, as most applications do. */
@Injectable()
class Checkout {
  constructor(private readonly cancellations: Cancellations) {}

  cancel(out_trade_no: string) {
    return this.cancellations.direct(out_trade_no);
  }
}

describe('a shop', () => {
  let emulator: WechatPayEmulator;
  let app: INestApplication;
  let cancellations: Cancellations;
  let checkout: Checkout;

  beforeAll(async () => {
    emulator = await WechatPayEmulator.start();
    const useFactory = () => ({ ...emulator.options(), confirm: 'never' as const, retry: { attempts: 1 } });

    @Module({
      imports: [WechatPayModule.forRootAsync({ isGlobal: true, signers: [OwnSigner], useFactory })],
      providers: [Cancellations, Checkout],
    })
    class AppModule {}

    const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    app = module.createNestApplication();
    await app.init();
    cancellations = app.get(Cancellations);
    checkout = app.get(Checkout);
  });

  afterAll(async () => {
    await app.close();
    await emulator.stop();
  });

  it('closes an order', async () => {
    emulator.place({ out_trade_no: 'RUNNER001' });
    expect(await checkout.cancel('RUNNER001')).toMatchObject({ state: 'CLOSED', confirmedBy: 'reply' });
  });

  it('closes with a signer of its own', async () => {
    emulator.place({ out_trade_no: 'RUNNER002' });
    await firstValueFrom(cancellations.closeOrder.v2({ out_trade_no: 'RUNNER002' }));
    expect(OwnSigner.signed).toBe(1);
  });

  it('hears of a payment', async () => {
    emulator.pay(emulator.place({ out_trade_no: 'RUNNER003' }));
    await expect(cancellations.direct('RUNNER003')).rejects.toThrow(OrderPaidError);
  });

  it('hears of a doubt', async () => {
    emulator.place({ out_trade_no: 'RUNNER004' });
    emulator.faults.add({ kind: 'status', status: 500, when: { times: 1 } });
    await expect(cancellations.direct('RUNNER004')).rejects.toThrow(OutcomeUnknownError);
  });
});
