/** What every way to place an order has in common. */
export interface PlaceAny {
  /**
   * Price in the currency's smallest unit.
   *
   * @default 1
   */
  readonly total?: number | undefined;
  /** @default 'CNY', or 'HKD' for an overseas order */
  readonly currency?: string | undefined;
  readonly attach?: string | undefined;
}

/** Places an order that APIv2 and the direct and partner endpoints of APIv3 see. */
export interface PlaceBasicOrder extends PlaceAny {
  /** @default 'basic' */
  readonly kind?: 'basic' | undefined;
  /** The signing merchant; the first one by default. */
  readonly mchid?: string | undefined;
  /** Given if the signing merchant is a service provider. */
  readonly sub_mchid?: string | undefined;
  /** The signing merchant's own by default. */
  readonly appid?: string | undefined;
  readonly sub_appid?: string | undefined;
  readonly out_trade_no: string;
  /**
   * A MICROPAY order cannot be closed, only reversed.
   *
   * @default 'NATIVE'
   */
  readonly trade_type?: 'NATIVE' | 'MICROPAY' | undefined;
  /** Where the payment is notified: on this machine, over `http:`. The emulator's `notifyUrl` by default. */
  readonly notify_url?: string | undefined;
  /**
   * Whose form the notification has; of APIv2 it is signed with HMAC-SHA256.
   *
   * @default 'v3'
   */
  readonly notify_api?: 'v2' | 'v3' | undefined;
}

/** An order inside a combined order. */
export interface PlaceSubOrder extends PlaceAny {
  /** The combine initiator's number by default. */
  readonly mchid?: string | undefined;
  readonly sub_mchid?: string | undefined;
  readonly sub_appid?: string | undefined;
  readonly out_trade_no: string;
}

/** Places a combined order. */
export interface PlaceCombineOrder {
  readonly kind: 'combine';
  /** The combine initiator, which signs; the first merchant by default. */
  readonly combine_mchid?: string | undefined;
  /** The initiator's own by default. */
  readonly combine_appid?: string | undefined;
  readonly combine_out_trade_no: string;
  /** Where the payment is notified: on this machine, over `http:`. The emulator's `notifyUrl` by default. */
  readonly notify_url?: string | undefined;
  /** 1 to 50. */
  readonly sub_orders: readonly PlaceSubOrder[];
}

/** Places a combined order of the repayment product. */
export interface PlaceRepaymentOrder {
  readonly kind: 'repayment';
  /** The merchant that signs; the first one by default. */
  readonly combine_mchid?: string | undefined;
  readonly combine_out_trade_no: string;
  /** Where the payment is notified: on this machine, over `http:`. The emulator's `notifyUrl` by default. */
  readonly notify_url?: string | undefined;
  /** 1 to 10. */
  readonly sub_orders: readonly PlaceSubOrder[];
}

/** Places an order that the hk and global endpoints see. */
export interface PlaceOverseasOrder extends PlaceAny {
  readonly kind: 'overseas';
  /** A direct merchant; the first one if `sub_mchid` is left out, too. */
  readonly mchid?: string | undefined;
  /** An institution; the first merchant if only `sub_mchid` is given. */
  readonly sp_mchid?: string | undefined;
  readonly sub_mchid?: string | undefined;
  /** The signing merchant's own by default. */
  readonly appid?: string | undefined;
  readonly sub_appid?: string | undefined;
  readonly out_trade_no: string;
  /** Where the payment is notified: on this machine, over `http:`. The emulator's `notifyUrl` by default. */
  readonly notify_url?: string | undefined;
}

/** What {@link WechatPayEmulator.place} and `POST /emulator/orders` take. */
export type PlaceOrder = PlaceBasicOrder | PlaceCombineOrder | PlaceRepaymentOrder | PlaceOverseasOrder;
