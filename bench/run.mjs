/**
 * Measures closes side by side: every round runs all clients of a scenario one after the other, and medians over the rounds are
 * compared. `npm run bench -- --help` lists the options.
 */
import { writeFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { generateKeyPairSync, sign } from 'node:crypto';
import { parseArgs } from 'node:util';

import { makeKeys } from './keys.mjs';
import { ask, median } from './processes.mjs';
import { selfSigned } from './tls.mjs';

const PEERS = ['nestjs-wechatpay', 'floor', 'wechatpay-axios-plugin', 'wechatpay-node-v3'];
/** Clients that need much longer make fewer closes. */
const SLOW = { 'wechatpay-axios-plugin': 0.5, 'wechatpay-node-v3': 0.25 };
const WITHOUT_V2 = new Set(['wechatpay-node-v3']);
/** Name, API, requests in flight, latency of the stub, whether over TLS. */
const SCENARIOS = [
  ['v3, 1 in flight', 'v3', 1, 0, false],
  ['v3, 1 in flight, 20 ms', 'v3', 1, 20, false],
  ['v3, 16 in flight', 'v3', 16, 0, false],
  ['v3, 16 in flight, 20 ms', 'v3', 16, 20, false],
  ['v3, 64 in flight', 'v3', 64, 0, false],
  ['v3, 64 in flight, 20 ms', 'v3', 64, 20, false],
  ['v2, 1 in flight', 'v2', 1, 0, false],
  ['v2, 16 in flight', 'v2', 16, 0, false],
  ['v2, 64 in flight', 'v2', 64, 0, false],
  ['v2, 64 in flight, 20 ms', 'v2', 64, 20, false],
  ['v3 over TLS, 1 in flight', 'v3', 1, 0, true],
  ['v3 over TLS, 64 in flight', 'v3', 64, 0, true],
];

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    closes: { type: 'string', default: '8000' },
    only: { type: 'string', default: '' },
    clients: { type: 'string', default: PEERS.join(',') },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(
    'npm run bench -- [--rounds 5] [--closes 8000] [--only "v3, 64"] [--clients nestjs-wechatpay,floor] [--json bench/results.json]',
  );
  process.exit(0);
}
const chosen = PEERS.filter((client) => values.clients.split(',').includes(client));
const [rounds, closes] = [Number(values.rounds), Number(values.closes)];
const keys = makeKeys();
const results = { node: process.version, rounds, closes, signMs: signingTime(), scenarios: [] };
console.log(
  `Node ${process.version}, ${rounds} rounds of ${closes} closes; one RSA signature takes ${results.signMs.toFixed(3)} ms here`,
);

for (const [name, api, inFlight, latencyMs, isTls] of SCENARIOS) {
  if (!values.only.split('|').some((part) => name.includes(part))) continue;
  const clients = chosen.filter((client) => api === 'v3' || !WITHOUT_V2.has(client));
  const figures = Object.fromEntries(clients.map((client) => [client, []]));
  const most = Math.ceil(closes / (inFlight > 1 ? 1 : latencyMs > 0 ? 40 : 4));
  const countOf = (client) => Math.ceil(most * (SLOW[client] ?? 1));
  const tls = isTls ? await selfSigned() : undefined;
  // Each client is a process of its own, which has seen none of these replies, and gets each of them once at most.
  const replies = warmUpOf(most) + most;
  const { child: stub, answer } = await ask('./stub.mjs', { keys, api, latencyMs, tls, replies });
  const origin = `${isTls ? 'https://localhost' : 'http://127.0.0.1'}:${answer.port}`;
  for (let round = 0; round < rounds; round++) {
    for (const client of clients) {
      const settings = {
        client,
        api,
        inFlight,
        closes: countOf(client),
        warmUp: warmUpOf(countOf(client)),
        keys,
        origin,
      };
      const env = tls === undefined ? {} : { NODE_EXTRA_CA_CERTS: tls.file };
      const { answer: measured } = await ask('./measure.mjs', settings, { execArgv: ['--expose-gc'], env });
      figures[client].push(measured);
    }
  }
  stub.kill();
  const medians = Object.fromEntries(clients.map((client) => [client, medianOf(figures[client])]));
  results.scenarios.push({ name, api, inFlight, latencyMs, isTls, clients: medians });
  print(name, medians);
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
}

/** As long again before it counts: what a process does in its first second is not what it does all day. */
function warmUpOf(count) {
  return Math.ceil(count / 2);
}

function medianOf(measured) {
  return Object.fromEntries(
    Object.keys(measured[0]).map((figure) => [figure, median(measured.map((round) => round[figure]))]),
  );
}

function signingTime() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const message = Buffer.alloc(200);
  for (let count = 0; count < 50; count++) sign('sha256', message, privateKey);
  const begun = performance.now();
  for (let count = 0; count < 200; count++) sign('sha256', message, privateKey);
  return (performance.now() - begun) / 200;
}

function print(name, medians) {
  const floor = medians['floor'];
  const ours = medians['nestjs-wechatpay'];
  console.log(`\n${name}`);
  console.table(
    Object.fromEntries(
      Object.entries(medians).map(([client, figures]) => [
        client,
        {
          'closes/s': Math.round(figures.perSecond),
          'CPU ms': figures.cpuMs.toFixed(3),
          'p50 ms': figures.p50.toFixed(2),
          'p99 ms': figures.p99.toFixed(1),
          'loop p99 ms': figures.loopP99.toFixed(1),
          'RSS MiB': Math.round(figures.rssMiB),
          'CPU × floor': ratio(figures.cpuMs, floor?.cpuMs),
          'ours: closes/s ×': ratio(ours?.perSecond, figures.perSecond),
          'ours: CPU ×': ratio(ours?.cpuMs, figures.cpuMs),
        },
      ]),
    ),
  );
}

function ratio(one, other) {
  return one === undefined || other === undefined ? '' : (one / other).toFixed(2);
}
