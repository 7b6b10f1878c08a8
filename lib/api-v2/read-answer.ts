import type { Answer } from '../answers/answer.js';
import { plainWords } from '../answers/plain-words.js';
import { withoutPrototype } from '../answers/without-prototype.js';

/**
 * Says what an APIv2 reply says, proven or not.
 *
 * @param status - HTTP status
 * @param fields - of a well-formed reply
 * @param secrets - texts of the request that must not come back in an error
 * @see protocol: APIv2 semantics — return_code is the protocol's flag, result_code the call's
 */
export function readApiV2Answer(
  status: number,
  fields: ReadonlyMap<string, string>,
  secrets: readonly string[],
): Answer {
  const words = (name: string) => plainWords(fields.get(name), secrets);
  if (fields.get('return_code') !== 'SUCCESS') {
    const description = words('return_msg');
    const kind = fields.get('return_code') === 'FAIL' && status === 200 ? 'rejected' : 'unrecognized';
    return withoutPrototype<Answer>({ kind, status, ...(description !== undefined && { description }) });
  }
  const code = words('err_code');
  const description = words('err_code_des') ?? words('result_msg');
  const said = {
    status,
    fields: withoutSign(fields),
    ...(code !== undefined && { code }),
    ...(description !== undefined && { description }),
  };
  const result = fields.get('result_code');
  if (status === 200 && result === 'SUCCESS' && code === undefined)
    return withoutPrototype<Answer>({ kind: 'done', ...said });
  return withoutPrototype<Answer>({ kind: result === 'FAIL' ? 'failed' : 'unrecognized', ...said });
}

function withoutSign(fields: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...fields].filter(([name]) => name !== 'sign'));
}
