import { createSecretKey } from 'node:crypto';

import { HMAC_SHA256, MD5 } from './schemes.js';

/** A canonical string and what its signature is. */
export interface KnownAnswer {
  readonly name: string;
  readonly scheme: string;
  readonly message: string;
  readonly signature: string;
}

/** The key of all of them, from WeChat Pay's own documentation. */
export const KNOWN_KEY = createSecretKey(Buffer.from('192006250b4c09247ec02edce69f6a2d'));

const EXAMPLE = 'appid=wxd930ea5d5a258f4f&body=test&device_info=1000&mch_id=10000100&nonce_str=ibuaiVcKdpRxkhJA';
const CLOSE =
  'appid=wx2421b1c4370ec43b&mch_id=10000100&nonce_str=4ca93f17ddf3443ceabf72f26d64fe0e&out_trade_no=1415983244';

/** WeChat Pay's documented example, and a close signed in the same way (protocol §6: V1, V2, D5, D6). */
export const KNOWN_ANSWERS: readonly KnownAnswer[] = [
  {
    name: "WeChat Pay's documented example",
    scheme: MD5,
    message: EXAMPLE,
    signature: '9A0A8659F005D6984697E2CA0A9CF3B7',
  },
  { name: 'a close', scheme: MD5, message: CLOSE, signature: '8D2363E7A0948301A065F369DEB9011B' },
  {
    name: "WeChat Pay's documented example",
    scheme: HMAC_SHA256,
    message: EXAMPLE,
    signature: '6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6',
  },
  {
    name: 'a close',
    scheme: HMAC_SHA256,
    message: `${CLOSE}&sign_type=HMAC-SHA256`,
    signature: 'B2B78B206EDC0392055030BC16EA076A70BFBC2351B34CFFAF3F32D521C8B231',
  },
];
