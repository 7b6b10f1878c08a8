import type { UnverifiedAnswer } from '../answers/exchange-result.js';
import type { Finding } from './finding.js';
import { type SelfTest, severityOf } from './self-test.js';

const NO_REWRITING =
  'Have the proxy or gateway in between pass headers and body on as they are; TLS that is opened on the way must not be changed.';
const PUBLIC_KEY_PLACE = '商户平台 → 账户中心 → API安全 → 微信支付公钥';
const PUBLIC_KEY_ID = /PUB_KEY_ID_\d+/;

/**
 * Why an answer cannot be believed.
 *
 * @param result - what came
 * @param test - which request
 */
export function unverifiedFinding(result: UnverifiedAnswer, test: SelfTest): Finding {
  const { answer, doubt } = result;
  const { api, mchid, origin } = test;
  const found = (code: Finding['code'], message: string, remedy: string): Finding => ({
    severity: severityOf(test),
    code,
    merchant: mchid,
    message,
    remedy,
  });
  const isRefusal = answer.kind === 'rejected' || (answer.status === 401 && answer.code === 'SIGN_ERROR');
  if (doubt.reason === 'unsigned' && isRefusal) return refusal(result, test);
  switch (doubt.reason) {
    case 'header':
      return found(
        'headersRewritten',
        `An answer of ${origin} came with signature headers (Wechatpay-…) missing, doubled or changed: a proxy rewrites headers.`,
        NO_REWRITING,
      );
    case 'unsigned':
      if (test.isMine(result)) {
        return found(
          'headersRewritten',
          `The answer of ${origin} is WeChat Pay's, but its ${api === 'APIv3' ? 'signature headers (Wechatpay-…) are' : 'sign is'} gone: something between takes away what proves it.`,
          NO_REWRITING,
        );
      }
      return found(
        'strangeAnswer',
        `${origin} answered HTTP ${answer.status}${said(result)} without a signature: it may not be WeChat Pay that answers.`,
        'Try again; if it stays so, check the option hosts, and look for a proxy, gateway or captive portal that answers itself.',
      );
    case 'serial':
      return unknownSerial(result, test);
    case 'signature':
      return api === 'APIv2'
        ? found(
            'wrongPlatformKey',
            `The sign of the APIv2 answer to merchant ${mchid} is not right: signType differs from the merchant's, or something between changed the answer.`,
            'Check apiV2.signType (MD5 or HMAC-SHA256).',
          )
        : found(
            'wrongPlatformKey',
            `The signature of WeChat Pay's answer to merchant ${mchid} does not match the key that is configured for its serial: the wrong key stands under this id, or something between changed the answer.`,
            `Copy the public key and its id together again from ${PUBLIC_KEY_PLACE}.`,
          );
    case 'time':
      return found(
        'staleAnswer',
        `An answer of ${origin} is signed, but for another time than this machine's clock says.`,
        "Set this machine's clock (NTP). If it is right, look for a cache in between that answers with old replies.",
      );
    case 'identity':
    case 'replay':
      return found(
        'otherAnswer',
        `An answer of ${origin} is signed, but answers another request.`,
        'Look for a cache in between that answers with replies to others.',
      );
    default:
      return found(
        'strangeAnswer',
        `What ${origin} answered (HTTP ${answer.status}${said(result)}) is no answer of WeChat Pay. ${doubt.explanation}`,
        'Look for a proxy, a gateway or a captive portal that answers in its place, and at verifiers of your own.',
      );
  }
}

function refusal(result: UnverifiedAnswer, test: SelfTest): Finding {
  const { api, mchid } = test;
  const remedy =
    api === 'APIv2'
      ? 'Copy the APIv2 key again from 商户平台 → 账户中心 → API安全 → APIv2密钥, or set a new one there; check mchid and appid.'
      : 'Check that serialNo is that of apiclient_cert.pem (openssl x509 -in apiclient_cert.pem -noout -serial), that apiclient_key.pem came with it, and mchid. Give the doctor this certificate, and it compares them.';
  const message = `WeChat Pay refuses the ${api} signature of merchant ${mchid}${said(result)}: ${api === 'APIv2' ? 'APIv2 key, mchid and appid' : 'serialNo, privateKey and mchid'} do not belong together.`;
  return { severity: severityOf(test), code: 'signatureRefused', merchant: mchid, message, remedy };
}

function unknownSerial({ doubt }: UnverifiedAnswer, test: SelfTest): Finding {
  const id = PUBLIC_KEY_ID.exec(doubt.explanation)?.[0];
  const base = { severity: severityOf(test), code: 'serialUnknown', merchant: test.mchid } as const;
  if (id !== undefined) {
    const message = `WeChat Pay signs its answers to merchant ${test.mchid} with the public key ${id}, which is not configured.`;
    return { ...base, message, remedy: `Add it under publicKeys, from ${PUBLIC_KEY_PLACE}.` };
  }
  const message = `WeChat Pay signs its answers to merchant ${test.mchid} with a platform certificate that is not configured. ${doubt.explanation}`;
  const remedy = test.hasPublicKeys
    ? `Begin the change to the public key in ${PUBLIC_KEY_PLACE}; until it is done, give the platform certificate, too, under certificates.`
    : 'Give the current platform certificate under certificates; it was replaced.';
  return { ...base, message, remedy };
}

function said({ answer: { code, description } }: UnverifiedAnswer): string {
  const words = [code, description].filter((part) => part !== undefined);
  return words.length === 0 ? '' : ` (${words.join(': ')})`;
}
