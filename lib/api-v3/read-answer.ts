import type { Answer } from '../answers/answer.js';
import { blankAnswer } from '../answers/blank-answer.js';
import { plainWords } from '../answers/plain-words.js';
import { withoutPrototype } from '../answers/without-prototype.js';
import { soleHeader, type WireReply } from '../transport/wire.js';

const IN_PROGRESS = /^USER_?PAYING$/;
const ERROR_CODE = /^[0-9A-Za-z_]{1,32}$/;
/** What WeChat Pay's `detail` may hold (protocol §3.4). */
const DETAIL_FIELDS = ['field', 'value', 'issue', 'location'] as const;
const INTERNAL_CODE = /-(\d{1,12})$/;

/** What is known of a reply besides its own words. */
export interface ReplyCircumstances {
  readonly clockSkew: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/**
 * Says what an APIv3 reply says, proven or not. Only 204 without a body is `done`. Total: any bytes give an answer.
 *
 * @param reply - as it came
 * @param secrets - texts of the request that must not come back in an error
 * @param circumstances - besides
 * @see protocol: APIv3 responses, error body, internal code
 */
export function readApiV3Answer(
  reply: WireReply,
  secrets: readonly string[],
  { clockSkew, retryAfterMs }: ReplyCircumstances,
): Answer {
  const { status } = reply;
  const answer = blankAnswer('unrecognized', status);
  answer.requestId = plainWords(soleHeader(reply, 'request-id'), secrets);
  answer.internalCode = internalCodeOf(answer.requestId);
  answer.clockSkew = clockSkew;
  answer.retryAfterMs = retryAfterMs;
  // As every close is answered.
  if (reply.body.byteLength === 0) {
    answer.kind = status === 204 ? 'done' : kindOf(status, undefined);
    return answer;
  }
  const content = readJsonObject(reply.body);
  if (status === 200 && content !== undefined) {
    answer.kind = 'content';
    answer.content = content;
    return answer;
  }
  const { code, message, detail } = content ?? withoutPrototype<Record<string, unknown>>({});
  answer.kind = kindOf(status, typeof code === 'string' ? code : undefined);
  if (typeof code === 'string' && ERROR_CODE.test(code) && plainWords(code, secrets) === code) answer.code = code;
  answer.description = plainWords(message, secrets);
  if (isRecord(detail)) answer.detail = detailOf(withoutPrototype(detail), secrets);
  return answer;
}

function internalCodeOf(requestId: string | undefined): string | undefined {
  const code = INTERNAL_CODE.exec(requestId ?? '')?.[1];
  return code === '0' ? undefined : code;
}

function kindOf(status: number, code: string | undefined): Answer['kind'] {
  if (status >= 400) return 'failed';
  if (status !== 202) return 'unrecognized';
  // A 202 that carries another code than that of a payment under way means what its code says.
  return code === undefined || IN_PROGRESS.test(code) ? 'processing' : 'failed';
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function readJsonObject(body: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(utf8.decode(body));
    return isRecord(value) ? withoutPrototype(value) : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function detailOf(detail: Record<string, unknown>, secrets: readonly string[]): Readonly<Record<string, string>> {
  const words = DETAIL_FIELDS.map((name) => [name, plainWords(detail[name], secrets)] as const);
  return Object.fromEntries(words.filter((entry): entry is [(typeof entry)[0], string] => entry[1] !== undefined));
}
