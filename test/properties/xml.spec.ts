import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';

import { MalformedXmlError } from '../../lib/api-v2/malformed-xml.error.js';
import { readPlainXml, writePlainXml } from '../../lib/api-v2/plain-xml.js';
import { buildXml, decodeXml, encodeXml, parseXml } from '../../lib/api-v2/xml.codec.js';
import { PATIENCE_MS, runs } from './runs.js';
import { readFlatXml } from './second-opinion.js';

const name = fc.stringMatching(/^[a-z][a-z_]{0,15}$/).filter((text) => !(text in {}));
/** Any text that XML can carry and that is the same in UTF-8. A carriage return is not: XML makes a line feed of it. */
const text = fc
  .string({ unit: 'binary', maxLength: 40 })
  .map((given) => Buffer.from(given.replaceAll(/[\p{Cc}\uFFFE\uFFFF]/gu, '·')).toString())
  .filter((given) => !given.includes(']]>'));
const fields = fc
  .uniqueArray(fc.tuple(name, text), { minLength: 1, maxLength: 12, selector: ([field]) => field })
  .map((entries) => new Map(entries));

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};
const escaped = (given: string) => given.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? '');
const blank = fc.stringMatching(/^[ \n\t]{0,3}$/);

const leaf = fc.record({ field: name, value: text, space: blank, isPlain: fc.boolean() });

/** A valid flat document in any of its spellings, with what it says. */
const document = fc
  .tuple(
    fc.uniqueArray(leaf, { minLength: 1, maxLength: 12, selector: ({ field }) => field }),
    fc.constantFrom('', '\uFEFF', '<?xml version="1.0" encoding="UTF-8"?>', '<?xml version="1.0"?>\n'),
  )
  .map(([leaves, head]) => {
    const written = leaves.map(
      ({ field, value, space, isPlain }) =>
        `${space}<${field}>${isPlain ? escaped(value) : `<![CDATA[${value}]]>`}</${field}>`,
    );
    return {
      said: new Map(leaves.map(({ field, value }) => [field, value])),
      xml: `${head}<xml>${written.join('')}\n</xml>`,
    };
  });

/** What bytes are read as, or nothing where they are refused; any other error is thrown on. */
function read(bytes: Buffer): ReadonlyMap<string, string> | undefined {
  try {
    return decodeXml(bytes);
  } catch (error) {
    if (!(error instanceof MalformedXmlError)) throw error;
    return undefined;
  }
}

/** How long the processor works to read bytes, in milliseconds: the best of up to three times, since others work, too. */
function effort(bytes: Buffer, enough: number): number {
  let best = Infinity;
  for (let times = 0; times < 3 && best > enough; times++) {
    const before = process.cpuUsage();
    read(bytes);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1_000);
  }
  return best;
}

describe('the XML of APIv2', () => {
  it('is read as it was written, whatever the values', () => {
    fc.assert(
      fc.property(fields, (given) => {
        const bytes = Buffer.from(encodeXml(given));
        expect([...decodeXml(bytes)]).toEqual([...given]);
        expect([...(readFlatXml(bytes) ?? [])]).toEqual([...given]);
      }),
      runs(1_000),
    );
  });

  it('means the same to us, to a plain parser with its validator on, and to a reader of regular expressions', () => {
    const plain = new XMLParser({ parseTagValue: false, trimValues: false, ignoreDeclaration: true });
    fc.assert(
      fc.property(document, ({ said, xml }) => {
        expect(decodeXml(Buffer.from(xml))).toEqual(said);
        expect(readFlatXml(Buffer.from(xml))).toEqual(said);
        const withoutMark = xml.replace(/^\uFEFF/, '');
        expect(XMLValidator.validate(withoutMark)).toBe(true);
        const { xml: theirs } = plain.parse(withoutMark) as { xml: Record<string, string> };
        for (const [field, value] of said) expect(theirs[field]).toBe(value);
      }),
      runs(1_000),
    );
  });

  it('in the plain spelling, is written and read without the library just as with it', () => {
    const odd = fc.constantFrom(
      '\r',
      '\t',
      '\n',
      ' ',
      '\u0001',
      '\u007f',
      '\uFFFE',
      ']',
      '>',
      '<',
      '&',
      '&lt;',
      'x',
      ']]>',
      '\u2028',
    );
    const scraps = fc.array(fc.tuple(fc.nat(), odd), { maxLength: 3 });
    let plain = 0;
    fc.assert(
      fc.property(fields, scraps, fc.boolean(), (given, oddities, isLoose) => {
        const written = writePlainXml(given);
        if (written !== undefined) expect(written).toBe(buildXml(given));
        let spoilt = (written ?? buildXml(given)).replaceAll('><', isLoose ? '>\n <' : '><');
        for (const [at, scrap] of oddities) {
          const index = at % (spoilt.length + 1);
          spoilt = spoilt.slice(0, index) + scrap + spoilt.slice(index);
        }
        const said = readPlainXml(spoilt);
        if (said === undefined) return;
        plain++;
        expect([...said]).toEqual([...parseXml(spoilt)]);
      }),
      runs(5_000),
    );
    expect(plain).toBeGreaterThan(50);
  });

  it('is refused if it is cut anywhere', () => {
    fc.assert(
      fc.property(document, fc.nat(), ({ xml }, at) => {
        const bytes = Buffer.from(xml);
        const cut = bytes.subarray(0, at % bytes.length);
        expect(() => decodeXml(cut)).toThrow(MalformedXmlError);
      }),
      runs(2_000),
    );
  });

  it(
    'is fields or MalformedXmlError, soon and alike for both readers, whatever happens to it',
    () => {
      const scrap = fc.oneof(
        fc.string({ maxLength: 8 }),
        fc.constantFrom(
          '<![CDATA[',
          ']]>',
          '</xml>',
          '<xml>',
          '<a>',
          '</a>',
          '<a/>',
          '<!DOCTYPE a [<!ENTITY b "c">]>',
          '&b;',
          '&amp;',
          '&#65;',
          '&#9999999999;',
          '<!--',
          '-->',
          '<?xml?>',
          '<__proto__>',
          '<constructor>',
          '<__proto__>1</__proto__>',
          '<constructor>1</constructor>',
          '<hasOwnProperty/>',
          '\0',
          '\r\n',
          ' x="1"',
        ),
      );
      const mutation = fc.tuple(fc.nat(), fc.nat(12), scrap, fc.nat(2));
      let slowest = 0;
      fc.assert(
        fc.property(document, fc.array(mutation, { minLength: 1, maxLength: 4 }), ({ xml }, mutations) => {
          let spoilt = Buffer.from(xml);
          for (const [at, cut, insert, times] of mutations) {
            const index = at % (spoilt.length + 1);
            const middle = Buffer.from(insert.repeat(times));
            spoilt = Buffer.concat([spoilt.subarray(0, index), middle, spoilt.subarray(index + cut)]);
          }
          slowest = Math.max(slowest, effort(spoilt, 50));
          const said = read(spoilt);
          if (said === undefined) return;
          // What we read is what stands there: the second reader reads the same.
          expect(readFlatXml(spoilt)).toEqual(said);
        }),
        runs(20_000),
      );
      expect(slowest).toBeLessThan(50);
    },
    PATIENCE_MS,
  );

  it('takes little time at 64 KiB, whatever it is made of', () => {
    const brick = fc.oneof(
      fc.constantFrom(
        '<a>',
        '</a>',
        '<![CDATA[',
        '&amp;',
        '&',
        '<',
        '<!--',
        '<?x ',
        '<!DOCTYPE ',
        'x',
        '<a b="c">',
        ']]>',
      ),
      fc.string({ minLength: 1, maxLength: 12 }),
    );
    fc.assert(
      fc.property(fc.array(brick, { minLength: 1, maxLength: 4 }), fc.boolean(), (bricks, isInside) => {
        const wall = bricks.join('').repeat(65_536).slice(0, 60_000);
        const bytes = Buffer.from(isInside ? `<xml><a>${wall}</a></xml>` : wall).subarray(0, 65_536);
        expect(effort(bytes, 500)).toBeLessThan(500);
      }),
      runs(150),
    );
  });
});
