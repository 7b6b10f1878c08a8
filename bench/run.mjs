/**
 * Measures closes side by side: every round lets each client of a scenario close for some seconds, one after the other, and ratios are
 * taken within each round. `npm run bench -- --help` lists the options.
 */
import { writeFile } from 'node:fs/promises';
import { performance } from 'node:perf_hooks';
import { generateKeyPairSync, sign } from 'node:crypto';
import { parseArgs } from 'node:util';

import { makeKeys } from './keys.mjs';
import { median, startProcess } from './processes.mjs';
import { selfSigned } from './tls.mjs';

const OURS = 'nestjs-wechatpay';
const CLIENTS = [OURS, 'floor', 'wechatpay-axios-plugin', 'wechatpay-node-v3'];
/** Clients that need much longer make fewer closes. */
const SLOW = { 'wechatpay-axios-plugin': 0.5, 'wechatpay-node-v3': 0.25 };
/** Clients that go on in the same processes from one scenario to the next. */
const GROUPS = [
  {
    name: 'v3',
    api: 'v3',
    scenarios: [
      ['v3, 1 in flight', 1, 0],
      ['v3, 1 in flight, 20 ms', 1, 20],
      ['v3, 16 in flight', 16, 0],
      ['v3, 16 in flight, 20 ms', 16, 20],
      ['v3, 64 in flight', 64, 0],
      ['v3, 64 in flight, 20 ms', 64, 20],
    ],
  },
  {
    name: 'v2',
    api: 'v2',
    lacking: ['wechatpay-node-v3'],
    scenarios: [
      ['v2, 1 in flight', 1, 0],
      ['v2, 16 in flight', 16, 0],
      ['v2, 64 in flight', 64, 0],
      ['v2, 64 in flight, 20 ms', 64, 20],
    ],
  },
  {
    name: 'v3 over TLS',
    api: 'v3',
    isTls: true,
    scenarios: [
      ['v3 over TLS, 1 in flight', 1, 0],
      ['v3 over TLS, 64 in flight', 64, 0],
    ],
  },
];

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '9' },
    closes: { type: 'string', default: '4000' },
    'warm-up': { type: 'string', default: '60000' },
    only: { type: 'string', default: '' },
    clients: { type: 'string', default: CLIENTS.join(',') },
    json: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(
    'npm run bench -- [--rounds 9] [--closes 4000] [--warm-up 60000] [--only "v3, 64|TLS"] [--clients nestjs-wechatpay,floor] [--json bench/results.json]',
  );
  process.exit(0);
}
const [rounds, closes, warmUp] = [values.rounds, values.closes, values['warm-up']].map(Number);
const isChosen = (name) => values.only.split('|').some((part) => name.includes(part));
const keys = makeKeys();
const results = { node: process.version, rounds, closes, warmUp, signMs: signingTime(), scenarios: [] };
console.log(
  `Node ${process.version}, ${rounds} rounds of ${closes} closes after ${warmUp}; one RSA signature takes ${results.signMs.toFixed(3)} ms here`,
);

for (const group of GROUPS) {
  const scenarios = group.scenarios.filter(([name]) => isChosen(name));
  if (scenarios.length === 0) continue;
  const { stub, clients } = await opened(group);
  const closeIn = async (client, inFlight, latencyMs, uncounted, count) => {
    await stub.ask('prepare', { closes: uncounted + count, latencyMs });
    return clients[client].ask('close', { api: group.api, inFlight, uncounted, closes: count });
  };
  for (const client of Object.keys(clients)) await closeIn(client, 64, 0, 0, shareOf(client, warmUp));
  for (const [name, inFlight, latencyMs] of scenarios) {
    const measured = Object.fromEntries(Object.keys(clients).map((client) => [client, []]));
    const most = Math.ceil(closes / (inFlight > 1 ? 1 : latencyMs > 0 ? 20 : 2));
    for (let round = 0; round < rounds; round++) {
      for (const client of Object.keys(clients)) {
        measured[client].push(await closeIn(client, inFlight, latencyMs, 4 * inFlight, shareOf(client, most)));
      }
    }
    const scenario = { name, api: group.api, inFlight, latencyMs, isTls: group.isTls === true, ...summed(measured) };
    results.scenarios.push(scenario);
    print(scenario);
    if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
  }
  for (const client of Object.values(clients)) client.kill();
  stub.kill();
}

async function opened({ api, lacking = [], isTls = false }) {
  const tls = isTls ? await selfSigned() : undefined;
  const stub = await startProcess('./stub.mjs');
  const { port } = await stub.ask('start', { keys, api, tls });
  const origin = `${isTls ? 'https://localhost' : 'http://127.0.0.1'}:${port}`;
  const env = tls === undefined ? {} : { NODE_EXTRA_CA_CERTS: tls.file };
  const clients = {};
  for (const name of CLIENTS) {
    if (lacking.includes(name) || !values.clients.split(',').includes(name)) continue;
    clients[name] = await startProcess('./measure.mjs', { env });
    await clients[name].ask('start', { name, keys, origin });
  }
  return { stub, clients };
}

function shareOf(client, count) {
  return Math.ceil(count * (SLOW[client] ?? 1));
}

/** Medians over the rounds: of the figures, and of what ours were as multiples of each client's in the same round. */
function summed(measured) {
  const entries = Object.entries(measured);
  const ours = measured[OURS];
  return {
    clients: Object.fromEntries(entries.map(([client, rows]) => [client, medians(rows)])),
    oursOver:
      ours &&
      Object.fromEntries(
        entries.map(([client, rows]) => [client, medians(rows.map((row, at) => over(ours[at], row)))]),
      ),
  };
}

function medians(rows) {
  return Object.fromEntries(Object.keys(rows[0]).map((figure) => [figure, median(rows.map((row) => row[figure]))]));
}

function over(one, other) {
  return Object.fromEntries(Object.keys(one).map((figure) => [figure, one[figure] / other[figure]]));
}

function signingTime() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const message = Buffer.alloc(200);
  for (let count = 0; count < 50; count++) sign('sha256', message, privateKey);
  const begun = performance.now();
  for (let count = 0; count < 200; count++) sign('sha256', message, privateKey);
  return (performance.now() - begun) / 200;
}

function print({ name, clients, oursOver }) {
  console.log(`\n${name}`);
  console.table(
    Object.fromEntries(
      Object.entries(clients).map(([client, figures]) => [
        client,
        {
          'closes/s': Math.round(figures.perSecond),
          'CPU ms': figures.cpuMs.toFixed(3),
          'p50 ms': figures.p50.toFixed(2),
          'p99 ms': figures.p99.toFixed(1),
          'loop p99 ms': figures.loopP99.toFixed(1),
          'RSS MiB': Math.round(figures.rssMiB),
          ...(oursOver && {
            'ours: closes/s ×': oursOver[client].perSecond.toFixed(2),
            'ours: CPU ×': oursOver[client].cpuMs.toFixed(2),
            'ours: p50 ×': oursOver[client].p50.toFixed(2),
          }),
        },
      ]),
    ),
  );
}
