/** A message to sign, and what is special about it. */
export interface Message {
  readonly name: string;
  readonly text: string;
}

const HEAD =
  'POST\n/v3/combine-transactions/out-trade-no/A1000001/close\n1700000000\nc5ac7061fccab6bf3e254dcf98995b8c\n';

const FIFTY_ORDERS = JSON.stringify({
  combine_appid: 'wx8888888888888888',
  sub_orders: Array.from({ length: 50 }, (_, index) => ({
    mchid: '1900000109',
    sub_mchid: '1230000109',
    out_trade_no: `A100000100000000000000000000${1_000 + index}`,
  })),
});

/** What a signer may be given. Every kind of byte that UTF-8 has is among it. */
export const MESSAGES: readonly Message[] = [
  {
    name: 'with an empty body',
    text: 'GET\n/v3/pay/transactions/id/1?mchid=1900000109\n1700000000\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n',
  },
  { name: 'with a JSON body', text: `${HEAD}{"mchid":"1900000109"}\n` },
  { name: 'in Chinese, with an emoji', text: `${HEAD}{"description":"关闭订单 🧧"}\n` },
  {
    name: 'with every character from U+0000 to U+00FF',
    text: Array.from({ length: 256 }, (_, code) => String.fromCodePoint(code)).join(''),
  },
  { name: 'with the ends of each length of UTF-8', text: '\u0000\u007F\u0080\u07FF\u0800\uFFFD\u{10000}\u{10FFFF}' },
  { name: 'with spaces at both ends and line breaks of all kinds', text: ' \t\n\r\n\r\u2028x\u0085\r\n \n' },
  { name: 'with what looks like an escape', text: '%20+%2B\\n\\u0041&amp;&key=<![CDATA[x]]>${x}%s\u0000' },
  { name: 'with a byte order mark', text: '\uFEFF{"mchid":"1900000109"}' },
  { name: 'with letters that are composed, and others that are not', text: 'é e\u0301 Å A\u030A ﬁ' },
  { name: 'of 50 combined orders, longer than 4,096 bytes', text: `${HEAD}${FIFTY_ORDERS}\n` },
  { name: 'of 64 KiB', text: 'A1b2'.repeat(16_384) },
];
