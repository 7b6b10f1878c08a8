/** Texts that a careless decoder takes for the same signature, each with what is wrong with it. */
export function otherSpellings(
  signature: string,
  api: 'v2' | 'v3',
): readonly (readonly [what: string, text: string])[] {
  const bytes = Buffer.from(signature, api === 'v2' ? 'hex' : 'base64');
  const common = [
    ['with a space before it', ` ${signature}`],
    ['with a line break after it', `${signature}\n`],
    ['with a NUL after it', `${signature}\0`],
    ['with a character in it that does not belong', `${signature.slice(0, 8)}*${signature.slice(8)}`],
    ['twice in a row', signature + signature],
    ['in quotes', `"${signature}"`],
  ] as const;
  return api === 'v2'
    ? [
        ...common,
        ['in lower case', signature.toLowerCase()],
        ['in base64', bytes.toString('base64')],
        ['with 0x before it', `0x${signature}`],
      ]
    : [
        ...common,
        ['in hex', bytes.toString('hex')],
        ...differing(signature, [
          ['without its padding', signature.replace(/=+$/, '')],
          ['in the alphabet for URLs', signature.replaceAll('+', '-').replaceAll('/', '_')],
          ['with bits set that no byte uses', withSpareBits(signature)],
        ]),
        ['with more padding', `${signature}=`],
        ['broken into lines', `${signature.slice(0, 64)}\r\n${signature.slice(64)}`],
      ];
}

/** Not every signature has padding, or a character that is written in another way. */
function differing(
  signature: string,
  spellings: readonly (readonly [what: string, text: string])[],
): readonly (readonly [what: string, text: string])[] {
  return spellings.filter(([, text]) => text !== signature);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The last character before the padding has bits that decoders leave out. */
function withSpareBits(signature: string): string {
  const end = signature.indexOf('=');
  if (end < 0) return signature;
  const last = ALPHABET.indexOf(signature.charAt(end - 1));
  return signature.slice(0, end - 1) + ALPHABET.charAt(last ^ 1) + signature.slice(end);
}

/** The same bytes but for one bit. */
export function flipped(bytes: Uint8Array, index: number, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[index] = (changed[index] ?? 0) ^ (1 << bit);
  return changed;
}
