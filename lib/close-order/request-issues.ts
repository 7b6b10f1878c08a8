import type { z } from 'zod';

import type { RequestIssue } from '../errors/invalid-request.error.js';

type Issue = z.core.$ZodIssue;

/** What a field may be called. A name of 32 characters is rather an APIv2 key. */
const FIELD_NAME = /^[A-Za-z0-9_]{1,24}$/;

/**
 * Says of a request what is wrong with it, field by field and without its values.
 *
 * @param error - of a schema
 */
export function requestIssues(error: z.ZodError): RequestIssue[] {
  return error.issues.flatMap(flatten).flatMap(inWords);
}

/** A union's fault is told as that of the form which the request comes closest to. */
function flatten(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const [closest = []] = issue.errors.toSorted((a, b) => a.length - b.length);
  return closest;
}

function inWords(issue: Issue): RequestIssue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: fieldName([...issue.path, FIELD_NAME.test(key) ? key : `(a name of ${key.length} characters)`]),
      rule: 'is no field of this variant',
    }));
  }
  const noObject = issue.code === 'invalid_type' && issue.expected === 'object';
  const rule = noObject ? 'must be given as an object' : issue.message;
  return [{ field: fieldName(issue.path), rule }];
}

function fieldName(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'request';
  return path.reduce<string>((name, key) => {
    if (typeof key === 'number') return `${name}[${key}]`;
    return name === '' ? String(key) : `${name}.${String(key)}`;
  }, '');
}
