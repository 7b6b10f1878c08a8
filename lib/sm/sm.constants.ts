/** APIv3's signature scheme with SM2 keys, as it stands in `Authorization` and `Wechatpay-Signature-Type`. */
export const WECHATPAY2_SM2_WITH_SM3 = 'WECHATPAY2-SM2-WITH-SM3';

/** The user id that WeChat Pay signs under, which is the one that GB/T 35276 names for users without one of their own. */
export const USER_ID = '1234567812345678';
