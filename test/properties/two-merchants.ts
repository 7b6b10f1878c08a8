import { isDeepStrictEqual } from 'node:util';

import { expect } from '@jest/globals';
import { OrderNotFoundError, OrderPaidError, WechatPayError } from 'nestjs-wechatpay';
import type { EmulatorExchange, EmulatorReply } from 'nestjs-wechatpay/emulator';
import type { Observable } from 'rxjs';

import { ending, openShop, type TestShop } from '../support/test-shop.js';
import type { Keys, Opinion } from './second-opinion.js';

/** The merchant whose orders are closed, and another one at the same WeChat Pay. */
export const OURS = '1900000109';
export const OTHERS = '1900000110';
export const SUB_MERCHANT = '1230000109';

/** Opens a shop of two merchants, whose replies alone decide, one attempt each. */
export function openTwoMerchants(): Promise<TestShop> {
  const merchants = [OURS, OTHERS].map((mchid) => ({ mchid, subMchids: [SUB_MERCHANT] }));
  return openShop({}, { merchants });
}

/** The keys of our merchant, and WeChat Pay's. */
export function keysOf({ emulator }: TestShop): Keys & { readonly othersV2Key: string; readonly ownKey: string } {
  const { merchants, publicKey, platform } = emulator.credentials;
  return {
    apiV2Key: merchants[0]?.apiV2Key ?? '',
    othersV2Key: merchants[1]?.apiV2Key ?? '',
    ownKey: merchants[0]?.privateKey ?? '',
    platform: new Map([
      [publicKey.id, publicKey.publicKey],
      [platform.serialNo, platform.certificate],
    ]),
  };
}

/** One close whose reply was spoiled: what it ended in, and the last word on the wire. */
export interface SpoiledClose {
  readonly ended: unknown;
  readonly request: EmulatorExchange['request'];
  readonly reply: EmulatorReply;
}

/**
 * Closes, with a reply that is changed on its way.
 *
 * @param shop - where
 * @param call - the close
 * @param spoil - changes the signed reply; what it throws fails the test
 */
export async function closeSpoiled(
  { emulator }: TestShop,
  call: Observable<unknown>,
  spoil: (reply: EmulatorReply, exchange: EmulatorExchange) => EmulatorReply,
): Promise<SpoiledClose> {
  const heard: Omit<SpoiledClose, 'ended'>[] = [];
  const faults: unknown[] = [];
  const undo = emulator.afterSigning((reply, exchange) => {
    try {
      const spoiled = spoil(reply, exchange);
      heard.push({ request: exchange.request, reply: spoiled });
      return spoiled;
    } catch (error) {
      faults.push(error);
      return undefined;
    }
  });
  const ended = await ending(call);
  undo();
  expect(faults).toEqual([]);
  expect(heard).toHaveLength(1);
  // What was judged is what was sent.
  expect(isDeepStrictEqual(emulator.requests.at(-1)?.reply, heard[0]?.reply)).toBe(true);
  return { ended, ...(heard[0] as Omit<SpoiledClose, 'ended'>) };
}

/** What we made of a reply, in the words of the second opinion. */
export function ourOpinion(ended: unknown): Opinion {
  if ((ended as { state?: string }).state === 'CLOSED') return 'closed';
  expect(ended).toBeInstanceOf(WechatPayError);
  const proven =
    ended instanceof OrderPaidError ? 'paid' : ended instanceof OrderNotFoundError ? 'notFound' : 'nothing';
  if (proven !== 'nothing') expect(ended).toMatchObject({ authenticated: true });
  return proven;
}
