import type { EmulatorRequest } from '../wire/emulator-request.js';

/**
 * A request as the control API shows it: bodies as text.
 *
 * @param request - the request
 */
export function requestView(request: EmulatorRequest): Record<string, unknown> {
  const { reply } = request;
  return {
    ...request,
    body: request.body.toString(),
    reply: reply && { ...reply, body: reply.body.toString() },
  };
}
