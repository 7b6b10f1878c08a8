import type { EmulatorReply, EmulatorRequest } from 'nestjs-wechatpay/emulator';

/** A request to the emulated WeChat Pay as the page shows it: bodies as text. */
export interface RequestView extends Omit<EmulatorRequest, 'body' | 'reply'> {
  readonly body: string;
  readonly reply?: Omit<EmulatorReply, 'body'> & { readonly body: string };
}

/** @param request - as the emulator recorded it */
export function requestView({ reply, ...request }: EmulatorRequest): RequestView {
  return {
    ...request,
    body: request.body.toString(),
    ...(reply !== undefined && { reply: { ...reply, body: reply.body.toString() } }),
  };
}
