import { combineVariant } from './combine.variant.js';
import { directVariant } from './direct.variant.js';
import { globalByIdVariant, globalByOutTradeNoVariant } from './global.variant.js';
import { hkByIdVariant, hkByOutTradeNoVariant } from './hk.variant.js';
import { partnerVariant } from './partner.variant.js';
import { repaymentVariant } from './repayment.variant.js';
import { v2Variant } from './v2.variant.js';

/** The variants of {@link CloseOrderService}, each under the name of its method. */
export const BUILT_IN_VARIANTS = {
  v2: v2Variant,
  direct: directVariant,
  partner: partnerVariant,
  combine: combineVariant,
  repayment: repaymentVariant,
  hkById: hkByIdVariant,
  hkByOutTradeNo: hkByOutTradeNoVariant,
  globalById: globalByIdVariant,
  globalByOutTradeNo: globalByOutTradeNoVariant,
} as const;

/** The name of a built-in variant. */
export type BuiltInVariantName = keyof typeof BUILT_IN_VARIANTS;
