import { combineVariant } from '../../close-order/variants/combine.variant.js';
import { directVariant } from '../../close-order/variants/direct.variant.js';
import { globalByIdVariant, globalByOutTradeNoVariant } from '../../close-order/variants/global.variant.js';
import { hkByIdVariant, hkByOutTradeNoVariant } from '../../close-order/variants/hk.variant.js';
import { partnerVariant } from '../../close-order/variants/partner.variant.js';
import { repaymentVariant } from '../../close-order/variants/repayment.variant.js';
import { v2Variant } from '../../close-order/variants/v2.variant.js';

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
