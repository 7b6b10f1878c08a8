import type { Doubt, DoubtReason } from '../answers/doubt.js';
import type { Finding } from './finding.js';
import { type SelfTest, severityOf } from './self-test.js';

const NAME_CODES = /\((?:ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME)\)/;
const LESS_URGENT = {
  mainland: ' This host takes over only while the usual one is in trouble.',
  overseas: ' Only the global variants need this host; if you do not use them, let it be.',
} as const;

type Diagnosis = Pick<Finding, 'code' | 'remedy'> & {
  /** A sentence; the doubt's own follows it. */
  readonly what: string;
};

/**
 * Why no whole answer came: the name, the connection, TLS, the proxy, or what came back.
 *
 * @param doubt - of the exchange
 * @param test - which request
 */
export function silenceFinding(doubt: Doubt, test: SelfTest): Finding {
  const { code, what, remedy } = (DIAGNOSES[doubt.reason] ?? strange)(test, doubt);
  const isOurs = code === 'signerFailed';
  return {
    severity: isOurs ? 'error' : severityOf(test),
    code,
    ...(isOurs && { merchant: test.mchid }),
    message: `${what} ${doubt.explanation}`,
    remedy: test.isVital || isOurs ? remedy : `${remedy}${LESS_URGENT[test.role]}`,
  };
}

type Diagnose = (test: SelfTest, doubt: Doubt) => Diagnosis;

const DIAGNOSES: Readonly<Partial<Record<DoubtReason, Diagnose>>> = {
  connect: noConnection,
  reset: noConnection,
  timeout: noConnection,
  tls: ({ origin }) => ({
    code: 'noTls',
    what: `TLS with ${origin} failed: its certificate is not trusted, or something between does not let TLS through.`,
    remedy:
      'If a firewall of yours opens TLS, have this host left alone, or give its authority to Node (NODE_EXTRA_CA_CERTS). If the root certificates are old, update Node.',
  }),
  proxy: ({ origin }) => ({
    code: 'noProxy',
    what: `The proxy does not connect to ${origin}.`,
    remedy: 'Check user and password in the option proxy, and that the proxy allows CONNECT to this host and port.',
  }),
  encoding: ({ origin }) => ({
    code: 'headersRewritten',
    what: `Something between compresses the answers of ${origin}.`,
    remedy: 'Have the proxy or gateway pass the answers on as they are.',
  }),
  interceptor: () => ({
    code: 'headersRewritten',
    what: 'An axios interceptor stands in the way.',
    remedy: 'Have it leave URL, method, body and headers of these requests alone.',
  }),
  signer: ({ api, mchid }) => ({
    code: 'signerFailed',
    what: `The ${api} request of merchant ${mchid} could not be signed.`,
    remedy: 'Look into the signer that the application registered, and at the key that it holds.',
  }),
};

function noConnection({ origin, hasProxy }: SelfTest, { phase, explanation }: Doubt): Diagnosis {
  if (phase !== 'notSent') {
    const remedy = 'Try again; if it stays so, look for a firewall or a proxy that cuts connections.';
    return { code: 'noAnswer', what: `${origin} was reached, but gave no whole answer.`, remedy };
  }
  if (NAME_CODES.test(explanation)) {
    const [what, where] = hasProxy
      ? ["The proxy's name", 'the option proxy']
      : [`The name of ${origin}`, 'the option hosts'];
    const remedy = `Check the spelling in ${where}, and this machine's name servers.`;
    return { code: 'nameNotFound', what: `${what} cannot be found (DNS).`, remedy };
  }
  if (hasProxy) {
    const remedy = 'Check host and port in the option proxy, and that the proxy runs.';
    return { code: 'noProxy', what: `The proxy, or ${origin} through it, cannot be reached.`, remedy };
  }
  const remedy =
    'Allow connections to this host, by its name, at your firewall, or set the option proxy. The proxy variables of the environment are not read.';
  return { code: 'noConnection', what: `${origin} cannot be reached.`, remedy };
}

function strange({ origin }: SelfTest): Diagnosis {
  const remedy = 'Look for a proxy, a gateway or a captive portal that answers in its place.';
  return { code: 'strangeAnswer', what: `What ${origin} answered is no answer of WeChat Pay.`, remedy };
}
