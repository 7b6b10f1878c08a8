import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { MalformedXmlError } from '../../../lib/api-v2/malformed-xml.error.js';
import { decodeXml, encodeXml, XML_BYTE_LIMIT } from '../../../lib/api-v2/xml.codec.js';

const decode = (text: string) => Object.fromEntries(decodeXml(Buffer.from(text)));
const reply =
  '<xml><return_code><![CDATA[SUCCESS]]></return_code><return_msg><![CDATA[OK]]></return_msg><sign>ABC</sign></xml>';

describe('decodeXml', () => {
  it('reads text and CDATA to the letter', () => {
    expect(decode('<xml>\n <a>1 &amp; 2</a>\n <b><![CDATA[ <&> ]]></b><c></c><d/><e>0012</e>\n</xml>\n')).toEqual({
      a: '1 & 2',
      b: ' <&> ',
      c: '',
      d: '',
      e: '0012',
    });
  });

  it('allows a byte order mark and an XML declaration', () => {
    expect(decode('\uFEFF<?xml version="1.0" encoding="UTF-8"?>\n<xml><a>1</a></xml>')).toEqual({ a: '1' });
  });

  it('keeps white space of text, too', () => {
    expect(decode('<xml><a> 1\n </a><b>\t</b></xml>')).toEqual({ a: ' 1\n ', b: '\t' });
  });

  it.each([
    '<?xml version="1.0"?>',
    '<?xml version="1.1" encoding="utf-8" standalone="yes" ?>\r\n',
    '\n<?xml version="1.0" standalone="no"\n?> ',
    ' \t\r\n',
  ])('allows %j before the root', (prologue) => {
    expect(decode(`${prologue}<xml><a>1</a></xml>`)).toEqual({ a: '1' });
  });

  it.each([
    'x<?xml version="1.0"?>',
    '<?xml version="1.0"?x?>',
    '<?xml version="1.0"x?>',
    '<?xml version="1.2"?>',
    '<?xml version="1.0" encoding="GBK"?>',
    '<?xml version="1.0" standalone="maybe"?>',
    '<?xml version="1.0"?><?xml version="1.0"?>',
    '\u00a0',
    'x',
  ])('refuses %j before the root', (prologue) => {
    expect(() => decode(`${prologue}<xml><a>1</a></xml>`)).toThrow(MalformedXmlError);
  });

  it.each([
    ['a DOCTYPE', '<!DOCTYPE xml><xml><a>1</a></xml>'],
    ['an entity', '<!DOCTYPE xml [<!ENTITY s "SUCCESS">]><xml><a>&s;</a></xml>'],
    ['an undefined entity', '<xml><a>&s;</a></xml>'],
    ['a character reference', '<xml><a>&#65;</a></xml>'],
    ['a comment', '<xml><a>SUC<!-- -->CESS</a></xml>'],
    ['a processing instruction', '<xml><a>1</a><?pi x?></xml>'],
    ['a declaration in the middle', '<xml><?xml version="1.0"?><a>1</a></xml>'],
    ['two CDATA sections', '<xml><a><![CDATA[SUCC]]><![CDATA[ESS]]></a></xml>'],
    ['text beside CDATA', '<xml><a>SUC<![CDATA[CESS]]></a></xml>'],
    ['a repeated field', '<xml><a>1</a><a>2</a></xml>'],
    ['a nested field', '<xml><a><b>1</b></a></xml>'],
    ['an attribute', '<xml><a b="1">1</a></xml>'],
    ['an attribute of the root', '<xml b="1"><a>1</a></xml>'],
    ['a field with a dash', '<xml><a-b>1</a-b></xml>'],
    ['a field of a namespace', '<xml><a:b>1</a:b></xml>'],
    ['a field that begins with an underscore', '<xml><_1>1</_1></xml>'],
    ['text between fields', '<xml>x<a>1</a></xml>'],
    ['another root', '<html><a>1</a></html>'],
    ['two roots', '<xml><a>1</a></xml><xml><a>2</a></xml>'],
    ['trailing junk', '<xml><a>1</a></xml>x'],
    ['a trailing entity', '<xml><a>1</a></xml>&amp;'],
    ['entities between two roots', '<xml><a>1</a></xml>&amp;<xml/>'],
    ['a wrong closing tag', '<xml><a>1</b></xml>'],
    ['a NUL', '<xml><a>1\0</a></xml>'],
    ['__proto__', '<xml><__proto__>1</__proto__></xml>'],
    ['constructor', '<xml><constructor>1</constructor></xml>'],
    ['toString', '<xml><toString>1</toString></xml>'],
    ['an empty root', '<xml></xml>'],
    ['nothing', ''],
    ['HTML', '<html><body>502 Bad Gateway</body></html>'],
  ])('refuses %s', (_, text) => {
    expect(() => decode(text)).toThrow(MalformedXmlError);
  });

  it('refuses what is not UTF-8', () => {
    expect(() => decodeXml(Buffer.from('<xml><a>\xff</a></xml>', 'latin1'))).toThrow('not UTF-8');
    expect(() => decodeXml(Buffer.from(reply, 'utf16le'))).toThrow(MalformedXmlError);
  });

  it('says what it is, in errors that hold nothing of the document', () => {
    const error = new MalformedXmlError('not well-formed XML');
    expect(String(error)).toBe('MalformedXmlError: not well-formed XML');
  });

  it('refuses every cut of a reply', () => {
    for (let length = 0; length < reply.length; length++) {
      expect(() => decode(reply.slice(0, length))).toThrow(MalformedXmlError);
    }
    expect(decode(reply)).toEqual({ return_code: 'SUCCESS', return_msg: 'OK', sign: 'ABC' });
  });

  it('looks at the size before anything else', () => {
    const filler = (length: number) => `<xml><a>${'x'.repeat(length - '<xml><a></a></xml>'.length)}</a></xml>`;
    expect(decode(filler(XML_BYTE_LIMIT))['a']).toHaveLength(XML_BYTE_LIMIT - 18);
    expect(() => decode(filler(XML_BYTE_LIMIT + 1))).toThrow(`more than ${XML_BYTE_LIMIT} bytes`);
  });

  it('survives anything: fields or MalformedXmlError', () => {
    const mutation = fc.tuple(fc.nat(reply.length), fc.nat(8), fc.string({ maxLength: 8 }));
    fc.assert(
      fc.property(mutation, ([at, cut, insert]) => {
        const bytes = Buffer.from(reply.slice(0, at) + insert + reply.slice(at + cut));
        try {
          for (const [name, value] of decodeXml(bytes))
            expect([typeof name, typeof value]).toEqual(['string', 'string']);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedXmlError);
        }
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('encodeXml', () => {
  it('writes one CDATA leaf a field', () => {
    const fields = [
      ['a', '<1>'],
      ['b', ''],
    ] as const;
    expect(encodeXml(fields)).toBe('<xml><a><![CDATA[<1>]]></a><b><![CDATA[]]></b></xml>');
    expect(encodeXml([])).toBe('<xml></xml>');
  });

  it('writes what decodeXml reads', () => {
    const name = fc.stringMatching(/^[a-z][a-z_]{0,15}$/).filter((text) => !(text in {}));
    const value = fc
      .string({ unit: 'grapheme', maxLength: 64 })
      .filter((text) => !text.includes(']]>') && !text.includes('\0') && Buffer.from(text).toString() === text);
    fc.assert(
      fc.property(fc.dictionary(name, value, { minKeys: 1, noNullPrototype: true }), (fields) => {
        expect(decode(encodeXml(Object.entries(fields)))).toEqual(fields);
      }),
      { numRuns: 1_000 },
    );
  });

  it('cannot be broken out of by a value', () => {
    expect(() => decode(encodeXml([['a', 'x]]></a><b>1</b>']]))).toThrow(MalformedXmlError);
  });
});
