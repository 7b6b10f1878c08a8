import type { IncomingMessage, ServerResponse } from 'node:http';

import { CONTROL_PREFIX, control } from './control/control.handler.js';
import type { Controlled } from './control/control.routes.js';
import type { EmulatorState } from './emulator-state.js';
import { exchangeWechat } from './exchange/wechat-exchange.js';
import { jsonReply } from './wire/emulator-reply.js';
import type { EmulatorReply } from './wire/emulator-reply.js';
import type { RequestRecord } from './wire/emulator-request.js';
import { BODY_BYTE_LIMIT, readBody } from './wire/read-body.js';
import { headOf, watchAbort } from './wire/record-request.js';
import { DROPPED, whole } from './wire/transmission.js';
import type { Transmission } from './wire/transmission.js';

/**
 * Answers whatever comes in: control requests, and requests to WeChat Pay, which are recorded.
 *
 * @param incoming - the request
 * @param response - what the client waits for
 * @param state - what WeChat Pay knows
 * @param controlled - what control requests act on
 */
export async function answerRequest(
  incoming: IncomingMessage,
  response: ServerResponse,
  state: EmulatorState,
  controlled: Controlled,
): Promise<Transmission> {
  const path = incoming.url?.split('?', 1)[0] ?? '';
  if (!path.startsWith(CONTROL_PREFIX)) return answerWechat(incoming, response, state);
  const { bytes, end } = await readBody(incoming);
  if (end === 'broken') return DROPPED;
  return whole(end === 'tooLarge' ? tooLarge() : control(controlled, incoming.method ?? '', path, bytes));
}

async function answerWechat(
  incoming: IncomingMessage,
  response: ServerResponse,
  state: EmulatorState,
): Promise<Transmission> {
  const record = state.requests.open({ time: new Date(state.clock.now()), ...headOf(incoming) });
  watchAbort(record, response);
  const transmission = await replyTo(incoming, record, state);
  record.reply = transmission.reply;
  return transmission;
}

async function replyTo(incoming: IncomingMessage, record: RequestRecord, state: EmulatorState): Promise<Transmission> {
  const { bytes, end } = await readBody(incoming);
  record.body = bytes;
  if (end === 'broken') {
    record.aborted = true;
    return DROPPED;
  }
  return end === 'tooLarge' ? whole(tooLarge()) : exchangeWechat(record, state);
}

function tooLarge(): EmulatorReply {
  const message = `The body is larger than ${BODY_BYTE_LIMIT} bytes`;
  return jsonReply(413, { code: 'PARAM_ERROR', message }, [['Connection', 'close']]);
}
