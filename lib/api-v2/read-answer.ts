import type { Answer } from '../answers/answer.js';
import { blankAnswer } from '../answers/blank-answer.js';
import { plainWords } from '../answers/plain-words.js';

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
  const answer = blankAnswer('unrecognized', status);
  if (fields.get('return_code') !== 'SUCCESS') {
    if (fields.get('return_code') === 'FAIL' && status === 200) answer.kind = 'rejected';
    answer.description = words('return_msg');
    return answer;
  }
  answer.code = words('err_code');
  answer.description = words('err_code_des') ?? words('result_msg');
  answer.fields = withoutSign(fields);
  const result = fields.get('result_code');
  if (result === 'FAIL') answer.kind = 'failed';
  else if (status === 200 && result === 'SUCCESS' && answer.code === undefined) answer.kind = 'done';
  return answer;
}

function withoutSign(fields: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...fields].filter(([name]) => name !== 'sign'));
}
