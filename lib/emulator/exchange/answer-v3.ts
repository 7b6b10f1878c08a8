import type { V3Answer } from '../answers/emulator-answer.js';
import { Refusal } from '../answers/refusal.error.js';
import { UnauthenticatedError } from '../answers/unauthenticated.error.js';
import { authenticateV3, checkV3Headers } from '../checks/v3-request.check.js';
import type { EmulatorState } from '../emulator-state.js';
import type { CloseOrder } from '../routes/close-order.js';
import type { V3Route } from '../routes/route.js';
import { V3Call } from '../routes/v3-call.js';
import { namedScheme } from '../signing/emulator-scheme.js';
import { signV3, v3Reply } from '../signing/v3-reply.signer.js';
import { headerOf } from '../wire/emulator-request.js';
import type { RequestRecord } from '../wire/emulator-request.js';

import { authenticated } from './authenticated.js';
import type { Outgoing } from './outgoing.js';

/**
 * Answers an APIv3 request. Everything up to the answer happens in one go.
 *
 * @param request - the request; the verdict on its signature is noted in it
 * @param route - its endpoint
 * @param parameters - its path's parameters, still percent-encoded
 * @param state - what WeChat Pay knows
 * @param close - closes orders; absent if the request is not to be processed, once it is checked
 */
export function answerV3(
  request: RequestRecord,
  route: V3Route,
  parameters: ReadonlyMap<string, string>,
  state: EmulatorState,
  close: CloseOrder | undefined,
): Outgoing {
  const key =
    namedScheme(state.schemes, headerOf(request, 'authorization')) ??
    state.certificates.replyKey(headerOf(request, 'wechatpay-serial'));
  const outgoing = (answer: V3Answer, call?: V3Call, isSigned = true): Outgoing => ({
    answer,
    isSigned,
    order: call?.order,
    write: (final) => v3Reply(requireV3(final), state.clock.now()),
    sign: (reply, as) => signV3(reply, key, state.clock.now(), as),
  });

  let call: V3Call | undefined;
  try {
    checkV3Headers(request);
    const merchant = authenticated(request, () => authenticateV3(request, state));
    if (close === undefined) return outgoing({ status: 204 });
    call = new V3Call(request, merchant, state, parameters, close);
    return outgoing(route.handle(call), call);
  } catch (error) {
    if (error instanceof UnauthenticatedError) {
      const body = { code: 'SIGN_ERROR', message: error.message };
      return outgoing({ status: 401, body, internalCode: 268443699 }, undefined, false);
    }
    if (error instanceof Refusal) return outgoing(refusalAnswer(error), call);
    throw error;
  }
}

function refusalAnswer({ status, code, message, detail, internalCode }: Refusal): V3Answer {
  return { status, body: { code, message, detail }, internalCode };
}

function requireV3(answer: Outgoing['answer']): V3Answer {
  if ('fields' in answer) throw new TypeError('beforeSigning gave an APIv2 answer to an APIv3 request');
  return answer;
}
