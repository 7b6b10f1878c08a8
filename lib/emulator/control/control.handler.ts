import { EmulatorControlError } from '../emulator-control.error.js';
import { jsonReply } from '../wire/emulator-reply.js';
import type { EmulatorReply } from '../wire/emulator-reply.js';

import { controlRoutes } from './control.routes.js';
import type { Controlled } from './control.routes.js';

/** Where the control API lives. */
export const CONTROL_PREFIX = '/emulator/';

/**
 * Answers a control request.
 *
 * @param emulator - what is controlled
 * @param method - of the request
 * @param path - of the request, without its query
 * @param body - of the request
 */
export function control(emulator: Controlled, method: string, path: string, body: Buffer): EmulatorReply {
  try {
    const candidates = controlRoutes.flatMap((route) => {
      const match = route.path.exec(path);
      return match === null ? [] : [{ route, id: decodeURIComponent(match[1] ?? '') }];
    });
    if (candidates.length === 0) return problem(404, `There is nothing at ${path}.`);
    const match = candidates.find(({ route }) => route.method === method);
    if (match === undefined) return problem(405, `${method} is not possible at ${path}.`);
    const { status, value } = match.route.handle(emulator, match.id, parse(body));
    return jsonReply(status, value);
  } catch (error) {
    if (error instanceof EmulatorControlError) return problem(400, error.message);
    if (error instanceof URIError) return problem(400, 'The path is not well encoded.');
    throw error;
  }
}

function problem(status: number, message: string): EmulatorReply {
  return jsonReply(status, { error: message });
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new EmulatorControlError('The body must be JSON.');
  }
}
