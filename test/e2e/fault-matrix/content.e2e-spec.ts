import type { Socket } from 'node:net';
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { SignAs } from 'nestjs-wechatpay/emulator';

import { ending } from '../../support/test-shop.js';
import { CLOSED, CLOSED_BY_QUERY, matrix, type MatrixRow, unknown, VARIANTS } from './matrix.js';
import { Scene } from './scene.js';
import { Stage } from './stage.js';

const MEGABYTE = 1024 * 1024;

let stage: Stage;
const theStage = () => stage;

describe('bombs and floods', () => {
  beforeAll(async () => {
    stage = await Stage.open({ gateway: true });
  });
  afterAll(() => stage.close());

  /** What all bombs blow up to. */
  const BLOWN_UP = 64 * MEGABYTE;
  const zeros = Buffer.alloc(BLOWN_UP);
  const quickly = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
  const bombs: Readonly<Record<string, Buffer>> = {
    gzip: gzipSync(zeros),
    br: brotliCompressSync(zeros, quickly),
    deflate: deflateSync(zeros),
    zstd: zstdOfZeros(BLOWN_UP),
    x: Buffer.from('no encoding that there is'),
    'gzip, gzip': gzipSync(gzipSync(zeros)),
  };

  let before = 0;
  matrix(
    theStage,
    Object.entries(bombs).map(([encoding, bomb]) => ({
      name: `45. Content-Encoding: ${encoding}`,
      arrange: (scene) => {
        before = process.memoryUsage().rss;
        scene.script(({ socket }) => {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${bomb.length}\r\n\r\n`);
          socket.write(bomb);
        });
      },
      ends: unknown('body', 'encoding'),
      // This process is the peer, too, so a little may come of that.
      also: () => expect(process.memoryUsage().rss - before).toBeLessThan(BLOWN_UP / 2),
    })),
  );

  const FLOOD = 50 * MEGABYTE;
  const piece = Buffer.alloc(65_536, ' ');
  let poured = 0;
  /** Pours spaces into a socket for as long as somebody takes them. */
  const pour = async (socket: Socket, frame: (bytes: Buffer) => Buffer) => {
    poured = 0;
    const gone = new Promise((resolve) => socket.once('close', resolve));
    while (poured < FLOOD && !socket.destroyed) {
      poured += piece.length;
      if (!socket.write(frame(piece)))
        await Promise.race([gone, new Promise((resolve) => socket.once('drain', resolve))]);
    }
  };
  const flood = (how: string, header: string, frame: (bytes: Buffer) => Buffer): MatrixRow => ({
    name: `46. 50 MB ${how}`,
    arrange: (scene) =>
      scene.script(({ socket }) => {
        socket.write(`HTTP/1.1 200 OK\r\n${header}\r\n\r\n`);
        return pour(socket, frame);
      }),
    ends: unknown('body', 'tooLarge'),
    // What was taken beyond 64 KiB stands in the buffers of the system.
    also: () => expect(poured).toBeLessThan(FLOOD / 2),
  });

  matrix(theStage, [
    flood('with Content-Length', `Content-Length: ${FLOOD}`, (bytes) => bytes),
    flood('in chunks', 'Transfer-Encoding: chunked', (bytes) =>
      Buffer.concat([Buffer.from('10000\r\n'), bytes, Buffer.from('\r\n')]),
    ),
    flood('without a length', 'Connection: close', (bytes) => bytes),
  ]);
});

/** A frame of zstd, which is nothing but blocks of one byte that is repeated. */
function zstdOfZeros(length: number): Buffer {
  const block = 128 * 1024;
  const blocks = Array.from({ length: length / block }, (_, index) => {
    const isLast = (index + 1) * block >= length ? 1 : 0;
    const header = Buffer.alloc(4);
    header.writeUIntLE((block << 3) | (1 << 1) | isLast, 0, 3);
    return header;
  });
  return Buffer.concat([Buffer.from('28b52ffd0038', 'hex'), ...blocks]);
}

describe('APIv2 content', () => {
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  const withXml =
    (change: (xml: string) => string | Buffer): MatrixRow['arrange'] =>
    (scene) =>
      scene.spoil((reply) => ({ ...reply, body: Buffer.from(change(reply.body.toString())) }));
  const withSign = (change: (sign: string) => string) =>
    withXml((xml) => xml.replace(/<sign><!\[CDATA\[(\w+)\]\]><\/sign>/, (_, sign: string) => change(sign)));
  const signedAs =
    (as: SignAs): MatrixRow['arrange'] =>
    (scene) =>
      scene.emulator.afterSigning((reply, { request, sign }) =>
        request.url === scene.path ? sign(reply, as) : undefined,
      );
  /** As the emulator would if it were mistaken, rightly signed. */
  const withFields =
    (fields: Readonly<Record<string, string>>): MatrixRow['arrange'] =>
    (scene) =>
      scene.answer({ status: 204 }, fields);

  const v2 = { api: 'v2', query: CLOSED_BY_QUERY } as const;
  const unsigned = { ...v2, ends: unknown('verify', 'unsigned') };
  const wrong = { ...v2, ends: unknown('verify', 'signature') };
  const identity = { ...v2, ends: unknown('verify', 'identity') };
  const shapeless = { ...v2, ends: unknown('verify', 'shape') };

  const sign = (text: string) => `<sign><![CDATA[${text}]]></sign>`;
  matrix(theStage, [
    { name: '48. sign missing', arrange: withSign(() => ''), ...unsigned },
    { name: '48. sign empty', arrange: withSign(() => '<sign></sign>'), ...unsigned },
    { name: '48. sign twice', arrange: withSign((text) => sign(text) + sign(text)), ...shapeless },
    {
      name: '48. sign twice, one of them wrong',
      arrange: withSign((text) => sign('0'.repeat(64)) + sign(text)),
      ...shapeless,
    },
    { name: '48. sign nested', arrange: withSign((text) => `<sign><sign>${text}</sign></sign>`), ...shapeless },
    { name: '48. sign in lower case', arrange: withSign((text) => sign(text.toLowerCase())), ...wrong },
    { name: '48. sign with a space behind it', arrange: withSign((text) => sign(`${text} `)), ...wrong },
    { name: '48. sign cut', arrange: withSign((text) => sign(text.slice(0, -1))), ...wrong },
    { name: '48. MD5 for HMAC-SHA256', arrange: signedAs({ signType: 'MD5' }), ...wrong },
    { name: '49. another appid', arrange: withFields({ appid: 'wx0000000000000000' }), ...identity },
    { name: '49. no appid', arrange: withFields({ appid: '' }), ...identity },
    { name: '49. another mch_id', arrange: withFields({ mch_id: '1900000110' }), ...identity },
    { name: '49. no mch_id', arrange: withFields({ mch_id: '' }), ...identity },
    { name: '49. a sub_mch_id where none was given', arrange: withFields({ sub_mch_id: '1230000109' }), ...identity },
    {
      name: '50. a byte order mark',
      arrange: withXml((xml) => `\ufeff${xml}`),
      api: 'v2',
      ends: CLOSED,
    },
    {
      name: '50. a DOCTYPE with an entity',
      arrange: withXml((xml) => `<!DOCTYPE xml [<!ENTITY s "SUCCESS">]>${xml.replace('SUCCESS', '&s;')}`),
      ...shapeless,
    },
    { name: '50. a DOCTYPE alone', arrange: withXml((xml) => `<!DOCTYPE xml>${xml}`), ...shapeless },
    {
      name: '50. an external entity',
      arrange: withXml((xml) => `<!DOCTYPE xml [<!ENTITY s SYSTEM "file:///etc/hostname">]>${xml}`),
      ...shapeless,
    },
    {
      name: '50. an entity of a number',
      arrange: withXml((xml) => xml.replace('</xml>', '<a>&#65;</a></xml>')),
      ...shapeless,
    },
    {
      name: '50. a value split by a comment',
      arrange: withXml((xml) => xml.replace('<![CDATA[SUCCESS]]>', 'SUC<!-- -->CESS')),
      ...shapeless,
    },
    {
      name: '50. a value split into sections',
      arrange: withXml((xml) => xml.replace('<![CDATA[SUCCESS]]>', '<![CDATA[SUC]]><![CDATA[CESS]]>')),
      ...shapeless,
    },
    {
      name: '50. a processing instruction',
      arrange: withXml((xml) => xml.replace('<xml>', '<xml><?php x ?>')),
      ...shapeless,
    },
    { name: '50. two roots', arrange: withXml((xml) => xml + xml), ...shapeless },
    { name: '50. UTF-16', arrange: withXml((xml) => Buffer.from(`\ufeff${xml}`, 'utf16le')), ...shapeless },
    {
      name: '50. GBK',
      arrange: withXml((xml) =>
        // 成功 in GBK.
        Buffer.concat([
          Buffer.from('<xml><return_msg>'),
          Buffer.from('b3c9b9a6', 'hex'),
          Buffer.from(`</return_msg>${xml.slice(5)}`),
        ]),
      ),
      ...shapeless,
    },
    {
      name: '50. a declaration of GBK',
      arrange: withXml((xml) => `<?xml version="1.0" encoding="GBK"?>${xml}`),
      ...shapeless,
    },
    { name: '50. a NUL', arrange: withXml((xml) => xml.replace('SUCCESS', 'SUCCESS\0')), ...shapeless },
    { name: '50. an attribute', arrange: withXml((xml) => xml.replace('<xml>', '<xml a="1">')), ...shapeless },
  ]);

  it('47. a reply that is cut at any byte is never an outcome', async () => {
    await stage.begin();
    const [v2Close] = VARIANTS;
    if (v2Close === undefined) throw new Error('there is no APIv2');
    const cut = { times: 0, of: Infinity };
    stage.shop.emulator.afterSigning((reply) => {
      cut.of = reply.body.length;
      return { ...reply, body: reply.body.subarray(0, cut.times++ % cut.of) };
    });
    while (cut.times < cut.of) {
      const some = await Promise.all(
        Array.from({ length: 20 }, () => ending(new Scene(stage, v2Close).close('never'))),
      );
      for (const ended of some) expect(ended).toMatchObject({ ...unknown('verify', 'shape'), attempts: 1 });
    }
    expect(cut.of).toBeGreaterThan(300);
  }, 30_000);
});

describe('APIv2 content for those who use MD5, and for sub-merchants', () => {
  const request = { sub_mch_id: '1230000109' };
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  it('48. HMAC-SHA256 for MD5', async () => {
    const out_trade_no = stage.newNumber();
    stage.shop.emulator.place({ out_trade_no });
    stage.shop.emulator.afterSigning((reply, { sign }) => sign(reply, { signType: 'HMAC-SHA256' }));
    const ended = await ending(stage.shop.service.v2({ out_trade_no, sign_type: 'MD5' }));
    expect(ended).toMatchObject({ ...unknown('verify', 'signature'), attempts: 1 });
  });

  it.each(['1230000110', ''])('49. another sub_mch_id: %p', async (sub_mch_id) => {
    await stage.begin();
    const out_trade_no = stage.newNumber();
    stage.shop.emulator.place({ out_trade_no, sub_mchid: request.sub_mch_id });
    stage.shop.emulator.beforeSigning((answer) =>
      'fields' in answer ? { fields: { ...answer.fields, sub_mch_id } } : undefined,
    );
    const ended = await ending(stage.shop.service.v2({ out_trade_no, ...request }));
    expect(ended).toMatchObject({ ...unknown('verify', 'identity'), attempts: 1 });
  });
});
