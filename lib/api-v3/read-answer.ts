import type { Answer } from '../answers/answer.js';
import { plainWords, redacted } from '../answers/plain-words.js';
import { soleHeader, type WireReply } from '../transport/wire.js';

const ERROR_CODE = /^[0-9A-Za-z_]{1,32}$/;
const INTERNAL_CODE = /-(\d{1,12})$/;

/**
 * Says what an APIv3 reply says, proven or not. Only 204 without a body is `done`. Total: any bytes give an answer.
 *
 * @param reply - as it came
 * @param secrets - texts of the request that must not come back in an error
 * @see protocol: APIv3 responses, error body, internal code
 */
export function readApiV3Answer(reply: WireReply, secrets: readonly string[]): Answer {
  const { status } = reply;
  const requestId = plainWords(soleHeader(reply, 'request-id'), secrets);
  const internalCode = INTERNAL_CODE.exec(requestId ?? '')?.[1];
  const content = readJsonObject(reply.body);
  const { code, message, detail } = content ?? {};
  const words = {
    status,
    ...(requestId !== undefined && { requestId }),
    ...(internalCode !== undefined && internalCode !== '0' && { internalCode }),
  };
  if (status === 204 && reply.body.byteLength === 0) return { kind: 'done', ...words };
  if (status === 200 && content !== undefined) return { kind: 'content', ...words, content };
  const description = plainWords(message, secrets);
  const said = {
    ...words,
    ...(typeof code === 'string' && ERROR_CODE.test(code) && { code }),
    ...(description !== undefined && { description }),
    ...(isRecord(detail) && { detail: withoutSecrets(detail, secrets) }),
  };
  if (status === 202) return { kind: 'processing', ...said };
  return { kind: status >= 400 ? 'failed' : 'unrecognized', ...said };
}

function readJsonObject(body: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutSecrets(detail: Record<string, unknown>, secrets: readonly string[]): unknown {
  // Signatures hold no character that JSON escapes, so this finds them in names as well as in values.
  return JSON.parse(redacted(JSON.stringify(detail), secrets));
}
