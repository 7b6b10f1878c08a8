import { z } from 'zod';

import type { MerchantIdentity } from '../close-variant.js';
import { mchid, spMchid, subMchid } from '../wire-fields.js';

const FORMS_RULE =
  'does not fit: give mchid alone (direct merchant), sp_mchid and sub_mchid (institution), or all three';

const absent = z.never(FORMS_RULE).optional();

/** The numbers of an overseas request once they are filled in. */
export interface OverseasParties {
  readonly mchid?: string | undefined;
  readonly sp_mchid?: string | undefined;
  readonly sub_mchid?: string | undefined;
}

/**
 * The three forms in which overseas endpoints name the parties, around the field that names the order: a direct
 * merchant's, an institution's, and the one of the founding documents with all three numbers.
 *
 * @param order - the schema of that field, by its name
 * @see protocol §1.2 E5 and E6, contradiction #12
 */
export function overseasForms<TOrder extends z.ZodRawShape>(order: TOrder) {
  const allThree = z.strictObject({ ...order, mchid, sp_mchid: spMchid, sub_mchid: subMchid });
  const request = z.union(
    [
      z.strictObject({ ...order, mchid: mchid.optional(), sp_mchid: absent, sub_mchid: absent }),
      z.strictObject({ ...order, mchid: absent, sp_mchid: spMchid.optional(), sub_mchid: subMchid }),
      allThree,
    ],
    FORMS_RULE,
  );
  const complete = z.union(
    [
      z.strictObject({ ...order, mchid, sp_mchid: absent, sub_mchid: absent }),
      z.strictObject({ ...order, mchid: absent, sp_mchid: spMchid, sub_mchid: subMchid }),
      allThree,
    ],
    FORMS_RULE,
  );
  return { request, complete };
}

/** The merchant that signs: the institution where there is one. */
export function overseasSigner({ mchid: direct, sp_mchid }: OverseasParties): string | undefined {
  return sp_mchid ?? direct;
}

/** Fills in the number that was left out. */
export function fillOverseas(request: OverseasParties, merchant: MerchantIdentity): OverseasParties {
  return request.sub_mchid === undefined
    ? { ...request, mchid: request.mchid ?? merchant.mchid }
    : { ...request, sp_mchid: request.sp_mchid ?? merchant.mchid };
}

/** The JSON body: the parties and nothing else. */
export function overseasBody({ mchid: direct, sp_mchid, sub_mchid }: OverseasParties) {
  return { mchid: direct, sp_mchid, sub_mchid };
}
