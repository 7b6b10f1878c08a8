import { describe, expect, it } from '@jest/globals';

import { Traffic } from '../../../lib/environment/traffic.js';
import { SchemeRegistry } from '../../../lib/schemes/scheme-registry.js';
import type { Signer } from '../../../lib/signers/signer.js';
import { BUILT_IN_SIGNERS } from '../../../lib/signers/signer.registry.js';
import type { Verifier } from '../../../lib/verifiers/verifier.js';
import { BUILT_IN_VERIFIERS } from '../../../lib/verifiers/verifier.registry.js';

const ALL = ['MD5', 'HMAC-SHA256', 'WECHATPAY2-SHA256-RSA2048'];

describe('SchemeRegistry', () => {
  it('finds by scheme, and the later registration wins', () => {
    const [first, other, second] = [{ scheme: 'a' }, { scheme: 'b' }, { scheme: 'a' }];
    const registry = new SchemeRegistry([first, other, second]);
    expect(registry.find('a')).toBe(second);
    expect(registry.find('b')).toBe(other);
    expect(registry.find('c')).toBeUndefined();
    expect(registry.schemes).toEqual(['a', 'b']);
  });

  it.each([
    ['sign', BUILT_IN_SIGNERS.map((BuiltIn) => new BuiltIn(new Traffic()))],
    ['verify', BUILT_IN_VERIFIERS.map((BuiltIn) => new BuiltIn())],
  ])('the built-in ones %s in every scheme of WeChat Pay', (_, builtIn) => {
    expect(new SchemeRegistry<Signer | Verifier>(builtIn).schemes).toEqual(ALL);
  });
});
