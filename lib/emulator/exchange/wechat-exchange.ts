import type { EmulatorState } from '../emulator-state.js';
import type { EmulatorExchange } from '../rewrites.js';
import { routesOf } from '../routes/route-table.js';
import { jsonReply } from '../wire/emulator-reply.js';
import type { EmulatorReply } from '../wire/emulator-reply.js';
import { pathOf } from '../wire/emulator-request.js';
import type { RequestRecord } from '../wire/emulator-request.js';

import { answerV2 } from './answer-v2.js';
import { answerV3 } from './answer-v3.js';
import type { Outgoing } from './outgoing.js';

/**
 * Answers one request to WeChat Pay: endpoint, checks, answer, rewrites, signature, rewrites.
 *
 * @param request - the request, its body complete; route and verdict are noted in it
 * @param state - what WeChat Pay knows
 * @returns the finished reply, or that the connection is to be dropped
 * @throws whatever a rewrite throws
 */
export async function exchangeWechat(request: RequestRecord, state: EmulatorState): Promise<EmulatorReply | 'drop'> {
  const outgoing = outgoingFor(request, state);
  const exchange: EmulatorExchange = { request, order: outgoing.order, sign: outgoing.sign };
  return state.rewrites.reply(finish(outgoing, exchange, state), exchange);
}

function finish(outgoing: Outgoing, exchange: EmulatorExchange, state: EmulatorState): EmulatorReply {
  if (!outgoing.isSigned) return outgoing.write(outgoing.answer);
  return outgoing.sign(outgoing.write(state.rewrites.answer(outgoing.answer, exchange)));
}

function outgoingFor(request: RequestRecord, state: EmulatorState): Outgoing {
  const candidates = routesOf(pathOf(request));
  const [first] = candidates;
  if (first === undefined) return gatewayAnswer(404, 'There is no such endpoint');
  const match = candidates.find(({ route }) => route.method === request.method);
  request.route = (match ?? first).route.path;
  if (match === undefined) {
    return gatewayAnswer(405, `The endpoint takes ${candidates.map(({ route }) => route.method).join(', ')}`);
  }
  const { route, parameters } = match;
  return route.api === 'v2' ? answerV2(request, route, state) : answerV3(request, route, parameters, state);
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
