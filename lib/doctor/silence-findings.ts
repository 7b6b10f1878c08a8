import type { Doubt } from '../answers/doubt.js';
import type { Finding } from './finding.js';
import { type SelfTest, severityOf } from './self-test.js';

const NAME_CODES = /\((?:ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME)\)/;
const ONLY_GLOBAL = ' Only the global variants need this host; if you do not use them, let it be.';

/**
 * Why no whole answer came: the name, the connection, TLS, the proxy, or what came back.
 *
 * @param doubt - of the exchange
 * @param test - which request
 */
export function silenceFinding(doubt: Doubt, test: SelfTest): Finding {
  const { code, what, remedy } = diagnosis(doubt, test);
  const advice = test.isVital || code === 'signerFailed' ? remedy : `${remedy}${ONLY_GLOBAL}`;
  const about = code === 'signerFailed' ? { merchant: test.mchid } : {};
  return { severity: severityOf(test), code, ...about, message: `${what} ${doubt.explanation}`, remedy: advice };
}

function diagnosis(
  { phase, reason, explanation }: Doubt,
  { origin, hasProxy, api, mchid }: SelfTest,
): Pick<Finding, 'code' | 'remedy'> & { readonly what: string } {
  const peer = hasProxy ? 'The proxy' : origin;
  switch (reason) {
    case 'tls':
      return {
        code: 'noTls',
        what: `TLS with ${origin} failed: its certificate is not trusted, or something between does not let TLS through.`,
        remedy:
          'If a firewall of yours opens TLS, have this host left alone, or give its authority to Node (NODE_EXTRA_CA_CERTS). Update old root certificates.',
      };
    case 'proxy':
      return {
        code: 'noProxy',
        what: `The proxy does not connect to ${origin}.`,
        remedy: 'Check user and password in the option proxy, and that the proxy allows CONNECT to this host and port.',
      };
    case 'connect':
    case 'reset':
    case 'timeout':
      if (phase !== 'notSent') {
        return {
          code: 'noAnswer',
          what: `${origin} was reached, but gave no whole answer.`,
          remedy: 'Try again; if it stays so, look for a firewall or a proxy that cuts connections.',
        };
      }
      if (NAME_CODES.test(explanation)) {
        return {
          code: 'nameNotFound',
          what: `${hasProxy ? "The proxy's name" : `The name of ${origin}`} cannot be found (DNS).`,
          remedy: `Check the spelling of ${hasProxy ? 'the option proxy' : 'the option hosts'} and this machine's name servers.`,
        };
      }
      return {
        code: hasProxy ? 'noProxy' : 'noConnection',
        what: `${peer} cannot be reached.`,
        remedy: hasProxy
          ? 'Check host and port in the option proxy, and that the proxy runs.'
          : 'Allow connections to this host by name at your firewall, or set the option proxy. The proxy variables of the environment are not read.',
      };
    case 'encoding':
      return {
        code: 'headersRewritten',
        what: `Something between compresses the answers of ${origin}.`,
        remedy: 'Have the proxy or gateway pass the answers on as they are.',
      };
    case 'signer':
      return {
        code: 'signerFailed',
        what: `The ${api} request of merchant ${mchid} could not be signed.`,
        remedy: 'Look into the signer that the application registered, and at the key that it holds.',
      };
    case 'interceptor':
      return {
        code: 'headersRewritten',
        what: 'An axios interceptor stands in the way.',
        remedy: 'Have it leave URL, method, body and headers of these requests alone.',
      };
    default:
      return {
        code: 'strangeAnswer',
        what: `What ${origin} answered is no answer of WeChat Pay.`,
        remedy: 'Look for a proxy, a gateway or a captive portal that answers in its place.',
      };
  }
}
