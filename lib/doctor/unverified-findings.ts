import type { DoubtReason } from '../answers/doubt.js';
import type { UnverifiedAnswer } from '../answers/exchange-result.js';
import type { Finding } from './finding.js';
import { type SelfTest, severityOf } from './self-test.js';

const NO_REWRITING =
  'Have the proxy or gateway in between pass headers and body on as they are; a firewall that opens TLS must leave this host alone.';
const LOOK_BETWEEN =
  'Try again; if it stays so, check the option hosts, and look for a proxy, gateway or captive portal that answers itself.';
const PUBLIC_KEY_PLACE = '商户平台 → 账户中心 → API安全 → 微信支付公钥';
const PUBLIC_KEY_ID = /PUB_KEY_ID_\d+/;

type Diagnosis = Pick<Finding, 'code' | 'message' | 'remedy'>;
type Diagnose = (result: UnverifiedAnswer, test: SelfTest) => Diagnosis;

/**
 * Why an answer cannot be believed.
 *
 * @param result - what came
 * @param test - which request
 */
export function unverifiedFinding(result: UnverifiedAnswer, test: SelfTest): Finding {
  const diagnose = DIAGNOSES[result.doubt.reason] ?? strange;
  return { severity: severityOf(test), merchant: test.mchid, ...diagnose(result, test) };
}

const DIAGNOSES: Readonly<Partial<Record<DoubtReason, Diagnose>>> = {
  unsigned,
  header: (_, { origin }) => ({
    code: 'headersRewritten',
    message: `An answer of ${origin} came with signature headers (Wechatpay-…) missing, doubled or changed: something between rewrites headers.`,
    remedy: NO_REWRITING,
  }),
  serial: unknownSerial,
  signature: (_, { api, mchid }) => ({
    code: 'wrongPlatformKey',
    message: `The signature of WeChat Pay's ${api} answer to merchant ${mchid} does not match the key that is configured for it, or something between changed the answer.`,
    remedy:
      api === 'APIv2'
        ? 'Check apiV2.signType (MD5 or HMAC-SHA256), and copy the APIv2 key again from 商户平台 → 账户中心 → API安全 → APIv2密钥.'
        : `Copy the public key and its id together again from ${PUBLIC_KEY_PLACE}: the key that is configured is another one than that of this id.`,
  }),
  time: (_, { origin }) => ({
    code: 'staleAnswer',
    message: `An answer of ${origin} is signed, but for another time than this machine's clock says.`,
    remedy:
      "Set this machine's clock (NTP). If it is right, look for a cache in between that answers with old replies.",
  }),
  identity: otherAnswer,
  replay: otherAnswer,
};

function unsigned(result: UnverifiedAnswer, test: SelfTest): Diagnosis {
  const { answer } = result;
  const { api, mchid, origin } = test;
  if (answer.kind === 'rejected' || (answer.status === 401 && answer.code === 'SIGN_ERROR')) {
    const [suspects, remedy] =
      api === 'APIv2'
        ? [
            'APIv2 key, mchid and appid',
            'Copy the APIv2 key again from 商户平台 → 账户中心 → API安全 → APIv2密钥, or set a new one there; check mchid and appid.',
          ]
        : [
            'serialNo, privateKey and mchid',
            'Check that serialNo is that of apiclient_cert.pem (openssl x509 -in apiclient_cert.pem -noout -serial), that apiclient_key.pem came with it, and mchid. Give the doctor this certificate, and it compares them.',
          ];
    const message = `WeChat Pay refuses the ${api} signature of merchant ${mchid}${said(result)}: ${suspects} do not belong together.`;
    return { code: 'signatureRefused', message, remedy };
  }
  if (test.isMine(result)) {
    const proof = api === 'APIv3' ? 'signature headers (Wechatpay-…) are' : 'sign is';
    const message = `The answer of ${origin} is WeChat Pay's, but its ${proof} gone: something between takes away what proves it.`;
    return { code: 'headersRewritten', message, remedy: NO_REWRITING };
  }
  const message = `${origin} answered HTTP ${answer.status}${said(result)} without a signature: it may not be WeChat Pay that answers.`;
  return { code: 'notSigned', message, remedy: LOOK_BETWEEN };
}

function unknownSerial({ doubt }: UnverifiedAnswer, { mchid, hasPublicKeys }: SelfTest): Diagnosis {
  const id = PUBLIC_KEY_ID.exec(doubt.explanation)?.[0];
  if (id !== undefined) {
    const message = `WeChat Pay signs its answers to merchant ${mchid} with the public key ${id}, which is not configured.`;
    return { code: 'serialUnknown', message, remedy: `Add it under publicKeys, from ${PUBLIC_KEY_PLACE}.` };
  }
  const message = `WeChat Pay signs its answers to merchant ${mchid} with a platform certificate that is not configured. ${doubt.explanation}`;
  const remedy = hasPublicKeys
    ? `Begin the change to the public key in ${PUBLIC_KEY_PLACE}; until it is done, give the platform certificate, too, under certificates.`
    : 'Give the current platform certificate under certificates, beside the old one.';
  return { code: 'serialUnknown', message, remedy };
}

function otherAnswer(_: UnverifiedAnswer, { origin }: SelfTest): Diagnosis {
  const message = `An answer of ${origin} is signed, but answers another request.`;
  return { code: 'otherAnswer', message, remedy: 'Look for a cache in between that answers with replies to others.' };
}

function strange(result: UnverifiedAnswer, { origin }: SelfTest): Diagnosis {
  const message = `What ${origin} answered (HTTP ${result.answer.status}) is no answer of WeChat Pay${said(result)}. ${result.doubt.explanation}`;
  return { code: 'strangeAnswer', message, remedy: LOOK_BETWEEN };
}

function said({ answer: { code, description } }: UnverifiedAnswer): string {
  const words = [code, description].filter((part) => part !== undefined);
  return words.length === 0 ? '' : ` (${words.join(': ')})`;
}
