import type { ClosedOrder, CloseOrderService, CloseVariant, Outcome, Verified, WechatPayError } from 'nestjs-wechatpay';
import { map } from 'rxjs';

/** Compiled, never run: what must and what must not type-check. */
export function requests(
  closeOrder: CloseOrderService,
  closed: ClosedOrder,
  error: WechatPayError,
  own: OwnVariant,
): unknown[] {
  const out_trade_no = '1217752501201407033233368018';
  const sub_orders = [{ mchid: '1', out_trade_no: '123456' }];

  // The outcome tells the classes apart, and nothing is left over.
  const outcomes: Record<Outcome, true> = {
    not_sent: true,
    paid: true,
    not_found: true,
    in_progress: true,
    needs_reverse: true,
    refused: true,
    unknown: true,
  };
  const state: 'CLOSED' = closed.state;

  // @ts-expect-error — partner needs sub_mchid
  const withoutSub = closeOrder.partner({ out_trade_no });
  // @ts-expect-error — direct has no sub_mchid
  const directWithSub = closeOrder.direct({ out_trade_no, sub_mchid: '1' });
  // @ts-expect-error — combine needs its sub-orders
  const withoutParts = closeOrder.combine({ combine_out_trade_no: '1', combine_appid: 'wx1' });
  // @ts-expect-error — combine needs combine_appid
  const withoutAppid = closeOrder.combine({ combine_out_trade_no: '1', sub_orders });
  // @ts-expect-error — repayment has no combine_appid
  const withAppid = closeOrder.repayment({ combine_out_trade_no: '1', combine_appid: 'wx1', sub_orders });
  // @ts-expect-error — an id is not an out_trade_no
  const byNumber = closeOrder.hkById({ out_trade_no });
  // @ts-expect-error — sp_mchid needs sub_mchid
  const institutionAlone = closeOrder.globalById({ transaction_id: '1', sp_mchid: '1' });
  // @ts-expect-error — mchid and sub_mchid need sp_mchid
  const withoutInstitution = closeOrder.globalById({ transaction_id: '1', mchid: '1', sub_mchid: '2' });
  // @ts-expect-error — only these two sign types are WeChat's
  const signType = closeOrder.v2({ out_trade_no, sign_type: 'SHA1' });
  // @ts-expect-error — the library signs
  const presigned = closeOrder.v2({ out_trade_no, sign: 'X' });
  // @ts-expect-error — a number is not a string
  const asNumber = closeOrder.direct({ out_trade_no: 123_456 });

  // @ts-expect-error — many takes the requests of its variant: partner needs sub_mchid
  const manyWithoutSub = closeOrder.many([{ out_trade_no }], { variant: 'partner' });
  // @ts-expect-error — a number is not an id
  const manyByNumber = closeOrder.many([{ out_trade_no }], { variant: 'hkById' });
  // @ts-expect-error — a request is no source
  const manyOfOne = closeOrder.many({ out_trade_no }, { variant: 'direct' });
  // @ts-expect-error — there is no such variant
  const manySideways = closeOrder.many([{ out_trade_no }], { variant: 'sideways' });
  // @ts-expect-error — where it may be either, the requests must do for both
  const manyEither = closeOrder.many([{ out_trade_no }], { variant: Math.random() < 2 ? 'direct' : 'partner' });
  const manyOwn = closeOrder.many([{ number: '1' }], { variant: own });
  // @ts-expect-error — a variant of one's own, too, has requests of its own
  const manyOwnWrong = closeOrder.many([{ out_trade_no }], { variant: own });
  const manyEnded = closeOrder.many(new Set([{ out_trade_no, sub_mchid: '1' }]), { variant: 'partner' }).pipe(
    map((ended) => {
      // @ts-expect-error — whether there is an order or an error depends on the outcome
      const { order } = ended;
      const sub: string = ended.request.sub_mchid;
      return ended.outcome === 'closed' ? [ended.order.state, sub] : [ended.error.message, order];
    }),
  );

  return [
    manyWithoutSub,
    manyByNumber,
    manyOfOne,
    manySideways,
    manyEither,
    manyOwn,
    manyOwnWrong,
    manyEnded,
    outcomes,
    state,
    error.outcome,
    withoutSub,
    directWithSub,
    withoutParts,
    withoutAppid,
    withAppid,
    byNumber,
    institutionAlone,
    withoutInstitution,
    signType,
    presigned,
    asNumber,
    closeOrder.direct({ out_trade_no }),
    closeOrder.globalById({ transaction_id: '1', mchid: '1', sp_mchid: '1', sub_mchid: '1' }),
  ];
}

/** Nothing but a verifier's check makes a `Verified`. */
export function seals(): Verified<string> {
  // @ts-expect-error — a look-alike lacks the private field
  const lookAlike: Verified<string> = { value: 'closed' };
  return lookAlike;
}

/** A variant of an application's own. */
export type OwnVariant = CloseVariant<{ readonly number: string }>;
