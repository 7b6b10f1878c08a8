import type { z } from 'zod';

import { appidMismatch } from '../answers/refusals.js';
import { checkInput } from '../checks/read-input.js';
import type { AuthenticV2Request } from '../checks/v2-request.check.js';
import type { EmulatorState } from '../emulator-state.js';
import type { EmulatorMerchant } from '../merchants/emulator-merchant.js';
import type { EmulatorOrder } from '../orders/emulator-order.js';
import type { V2SignType } from '../signing/v2-sign.js';

import { checkSubMerchant } from './callers.js';
import type { CloseOrder } from './close-order.js';

/** One APIv2 request whose sender is known, as an endpoint sees it. */
export class V2Call {
  /** The order it is about, once an endpoint has found it. */
  order: EmulatorOrder | undefined;
  readonly merchant: EmulatorMerchant;
  /** How the request was signed. */
  readonly signType: V2SignType;
  readonly #fields: ReadonlyMap<string, string>;

  /**
   * @param request - the request, its sign checked
   * @param state - what WeChat Pay knows
   * @param close - closes an order if that can be
   */
  constructor(
    { merchant, fields, signType }: AuthenticV2Request,
    readonly state: EmulatorState,
    readonly close: CloseOrder,
  ) {
    this.merchant = merchant;
    this.signType = signType;
    this.#fields = fields;
  }

  /**
   * The fields that have a value.
   *
   * @param schema - what is expected
   * @throws Refusal PARAM_ERROR
   */
  fields<Output>(schema: z.ZodType<Output>): Output {
    const given = [...this.#fields].filter(([, value]) => value !== '');
    return checkInput(schema, Object.fromEntries(given), 'body');
  }

  /**
   * Checks that the appid is the merchant's and the sub-merchant, if there is one, too.
   *
   * @throws Refusal APPID_MCHID_NOT_MATCH, INVALID_REQUEST or NO_AUTH
   */
  checkParties(): { readonly mchid: string; readonly sub_mchid: string | undefined } {
    if (this.#fields.get('appid') !== this.merchant.appid) throw appidMismatch();
    const sub_mchid = this.#fields.get('sub_mch_id') || undefined;
    if (sub_mchid !== undefined) checkSubMerchant(this.merchant, sub_mchid);
    return { mchid: this.merchant.mchid, sub_mchid };
  }
}
