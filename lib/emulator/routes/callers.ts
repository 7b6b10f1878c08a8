import { INTERNAL, invalidRequest, noAuth, paramError } from '../answers/refusals.js';
import type { EmulatorMerchant } from '../merchants/emulator-merchant.js';

/** Which merchants an order belongs to. */
export interface Parties {
  readonly mchid: string;
  readonly sub_mchid?: string | undefined;
}

/** The merchant numbers that an hk or global request may carry. */
export interface OverseasNumbers {
  readonly mchid?: string | undefined;
  readonly sp_mchid?: string | undefined;
  readonly sub_mchid?: string | undefined;
}

/**
 * Checks that a request speaks for the merchant that signed it.
 *
 * @param merchant - who signed
 * @param mchid - whom the request names
 * @throws Refusal 400 INVALID_REQUEST
 * @see protocol: header mchid ≠ payload sp_mchid is rejected
 */
export function checkSigner(merchant: EmulatorMerchant, mchid: string): void {
  if (mchid !== merchant.mchid) throw invalidRequest('The merchant in the request is not the one that signed it');
}

/**
 * Checks that a service provider may act for a sub-merchant.
 *
 * @param merchant - who signed
 * @param subMchid - whom it acts for
 * @throws Refusal 400 INVALID_REQUEST or 403 NO_AUTH
 */
export function checkSubMerchant(merchant: EmulatorMerchant, subMchid: string): void {
  if (subMchid === merchant.mchid) {
    throw invalidRequest('The sub-merchant is the service provider itself', INTERNAL.subMerchantIsOwn);
  }
  if (!merchant.subMchids.has(subMchid)) throw noAuth('The merchant does not act for this sub-merchant');
}

/**
 * Whose order an hk or global request means. It comes in three forms: `mchid` of a direct merchant, `sp_mchid` and
 * `sub_mchid` of an institution, or all three as older documents have it.
 *
 * @param merchant - who signed
 * @param numbers - what the request carries
 * @throws Refusal 400 PARAM_ERROR or INVALID_REQUEST, 403 NO_AUTH
 */
export function overseasParties(merchant: EmulatorMerchant, numbers: OverseasNumbers): Parties {
  const { mchid, sp_mchid, sub_mchid } = numbers;
  if (!merchant.overseas) throw noAuth('The merchant is not an overseas one');
  const isDirect = sp_mchid === undefined && sub_mchid === undefined;
  // Older documents give one number for all three, which can only mean the merchant itself.
  const isOneNumber = mchid !== undefined && mchid === sp_mchid && mchid === sub_mchid;
  if (isDirect || isOneNumber) {
    if (mchid === undefined) throw paramError('/mchid: mchid, or sp_mchid and sub_mchid, must be given');
    checkSigner(merchant, mchid);
    return { mchid };
  }
  if (sp_mchid === undefined || sub_mchid === undefined) {
    throw paramError('/sub_mchid: sp_mchid and sub_mchid go together');
  }
  checkSigner(merchant, sp_mchid);
  checkSubMerchant(merchant, sub_mchid);
  if (mchid !== undefined && mchid !== sp_mchid && mchid !== sub_mchid) {
    throw invalidRequest('mchid is neither sp_mchid nor sub_mchid');
  }
  return { mchid: sp_mchid, sub_mchid };
}
