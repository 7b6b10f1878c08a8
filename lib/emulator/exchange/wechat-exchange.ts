import type { EmulatorState } from '../emulator-state.js';
import { factsOf } from '../faults/request-facts.js';
import type { EmulatorExchange, Rewrites } from '../rewrites.js';
import type { CloseOrder } from '../routes/close-order.js';
import { routesOf } from '../routes/route-table.js';
import type { RouteMatch } from '../routes/route-table.js';
import { jsonReply } from '../wire/emulator-reply.js';
import type { EmulatorReply } from '../wire/emulator-reply.js';
import { pathOf } from '../wire/emulator-request.js';
import type { RequestRecord } from '../wire/emulator-request.js';
import type { Transmission } from '../wire/transmission.js';

import { answerV2 } from './answer-v2.js';
import { answerV3 } from './answer-v3.js';
import { FaultyExchange } from './faulty-exchange.js';
import type { Outgoing } from './outgoing.js';

/**
 * Answers one request to WeChat Pay: endpoint, checks, answer, rewrites, signature, rewrites. Faults come in at each
 * step, after the rewrites where there are some.
 *
 * @param request - the request, its body complete; route, verdict and faults are noted in it
 * @param state - what WeChat Pay knows
 * @returns how the finished reply is sent
 * @throws whatever a rewrite throws
 */
export async function exchangeWechat(request: RequestRecord, state: EmulatorState): Promise<Transmission> {
  const candidates = routesOf(pathOf(request));
  const match = candidates.find(({ route }) => route.method === request.method);
  request.route = (match ?? candidates[0])?.route.path;

  const facts = factsOf(request, request.route, (id) => numberOf(id, state));
  const faulty = new FaultyExchange(request, facts, state);
  const cut = faulty.cut();
  if (cut !== undefined) return cut;

  const { rewrites, close } = faulty.plan();
  const outgoing = match === undefined ? noEndpoint(candidates) : outgoingFor(request, match, state, close);
  const exchange: EmulatorExchange = { request, order: outgoing.order, sign: outgoing.sign };
  const layers = [state.rewrites, rewrites];
  const reply = await rewritten(finish(outgoing, exchange, layers), exchange, layers);
  return faulty.send(reply, outgoing.sign);
}

function finish(outgoing: Outgoing, exchange: EmulatorExchange, layers: readonly Rewrites[]): EmulatorReply {
  if (!outgoing.isSigned) return outgoing.write(outgoing.answer);
  const answer = layers.reduce((current, rewrites) => rewrites.answer(current, exchange), outgoing.answer);
  return outgoing.sign(outgoing.write(answer));
}

async function rewritten(
  reply: EmulatorReply,
  exchange: EmulatorExchange,
  layers: readonly Rewrites[],
): Promise<EmulatorReply | 'drop'> {
  let current = reply;
  for (const rewrites of layers) {
    // oxlint-disable-next-line no-await-in-loop -- each layer takes what the one before it made
    const next = await rewrites.reply(current, exchange);
    if (next === 'drop') return 'drop';
    current = next;
  }
  return current;
}

function numberOf(transactionId: string, { orders }: EmulatorState): string | undefined {
  return orders.all().find(({ transaction_id }) => transaction_id === transactionId)?.out_trade_no;
}

function outgoingFor(
  request: RequestRecord,
  { route, parameters }: RouteMatch,
  state: EmulatorState,
  close: CloseOrder | undefined,
): Outgoing {
  return route.api === 'v2'
    ? answerV2(request, route, state, close)
    : answerV3(request, route, parameters, state, close);
}

function noEndpoint(candidates: readonly RouteMatch[]): Outgoing {
  if (candidates.length === 0) return gatewayAnswer(404, 'There is no such endpoint');
  return gatewayAnswer(405, `The endpoint takes ${candidates.map(({ route }) => route.method).join(', ')}`);
}

/** An answer of the gateway in front, which knows neither merchants nor keys. */
function gatewayAnswer(status: number, message: string): Outgoing {
  const code = status === 404 ? 'RESOURCE_NOT_EXISTS' : 'METHOD_NOT_ALLOWED';
  return {
    answer: { status, body: { code, message } },
    isSigned: false,
    order: undefined,
    write: () => jsonReply(status, { code, message }),
    sign: (reply) => reply,
  };
}
