import type { V2Answer } from '../answers/emulator-answer.js';
import { Refusal } from '../answers/refusal.error.js';
import { UnauthenticatedError } from '../answers/unauthenticated.error.js';
import { authenticateV2 } from '../checks/v2-request.check.js';
import type { AuthenticV2Request } from '../checks/v2-request.check.js';
import type { EmulatorState } from '../emulator-state.js';
import { randomAlphanumeric } from '../keys/random-text.js';
import type { CloseOrder } from '../routes/close-order.js';
import type { V2Route } from '../routes/route.js';
import { V2Call } from '../routes/v2-call.js';
import { signV2, v2Reply } from '../signing/v2-reply.signer.js';
import type { V2Key } from '../signing/v2-reply.signer.js';
import type { RequestRecord } from '../wire/emulator-request.js';

import { authenticated } from './authenticated.js';
import type { Outgoing } from './outgoing.js';

type Fields = Readonly<Record<string, string>>;

/**
 * Answers an APIv2 request, always with HTTP 200. Everything up to the answer happens in one go.
 *
 * @param request - the request; the verdict on its signature is noted in it
 * @param route - its endpoint
 * @param state - what WeChat Pay knows
 * @param close - closes orders; absent if the request is not to be processed, once it is checked
 */
export function answerV2(
  request: RequestRecord,
  route: V2Route,
  state: EmulatorState,
  close: CloseOrder | undefined,
): Outgoing {
  let authentic: AuthenticV2Request;
  try {
    authentic = authenticated(request, () => authenticateV2(request, state.merchants));
  } catch (error) {
    if (!(error instanceof UnauthenticatedError)) throw error;
    const key: V2Key = { key: state.merchants.first.apiV2Key, signType: 'MD5' };
    return outgoing({ return_code: 'FAIL', return_msg: error.message }, key, state, undefined, false);
  }
  const key: V2Key = { key: authentic.merchant.apiV2Key, signType: authentic.signType };
  if (close === undefined) return outgoing({ ...envelope(authentic.fields), result_code: 'SUCCESS' }, key, state);
  const call = new V2Call(authentic, state, close);
  return outgoing({ ...envelope(authentic.fields), ...resultOf(route, call) }, key, state, call);
}

function outgoing(fields: Fields, key: V2Key, state: EmulatorState, call?: V2Call, isSigned = true): Outgoing {
  return {
    answer: { fields },
    isSigned,
    order: call?.order,
    write: (final) => v2Reply(requireV2(final), state.clock.now()),
    sign: (reply, as) => signV2(reply, key, as),
  };
}

function envelope(fields: ReadonlyMap<string, string>): Fields {
  const echoed = ['appid', 'mch_id', 'sub_appid', 'sub_mch_id'].flatMap((name) => {
    const value = fields.get(name);
    return value ? [[name, value] as const] : [];
  });
  return {
    return_code: 'SUCCESS',
    return_msg: 'OK',
    ...Object.fromEntries(echoed),
    nonce_str: randomAlphanumeric(32),
  };
}

function resultOf(route: V2Route, call: V2Call): Fields {
  try {
    return { result_code: 'SUCCESS', ...route.handle(call) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { result_code: 'FAIL', err_code: error.code, err_code_des: error.message };
  }
}

function requireV2(answer: Outgoing['answer']): V2Answer {
  if (!('fields' in answer)) throw new TypeError('beforeSigning gave an APIv3 answer to an APIv2 request');
  return answer;
}
