import { crc32, deflateSync, inflateSync } from 'node:zlib';

const COLOURS = 256;

/**
 * The same picture with a palette of its 256 commonest colours, which makes it a third of the size. What the browser writes has
 * 8-bit RGB and is not interlaced.
 *
 * @param {Buffer} png
 */
export function smallerPng(png) {
  const chunks = [...chunksOf(png)];
  const header = Buffer.from(chunks[0].data);
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const packed = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)));
  const colours = coloursOf(packed, width, height);
  const { palette, indexOf } = paletteOf(colours);
  const rows = Buffer.alloc((width + 1) * height);
  colours.forEach((colour, pixel) => {
    rows[Math.floor(pixel / width) * (width + 1) + 1 + (pixel % width)] = indexOf(colour);
  });
  // The colour type: by palette.
  header[9] = 3;
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Undoes the filters of the rows. */
function coloursOf(packed, width, height) {
  const stride = width * 3;
  const bytes = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = packed[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < 3 ? 0 : bytes[at - 3];
      const up = y === 0 ? 0 : bytes[at - stride];
      const corner = x < 3 || y === 0 ? 0 : bytes[at - stride - 3];
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      bytes[at] = packed[at + y + 1] + guess;
    }
  }
  return Uint32Array.from({ length: width * height }, (_, pixel) => bytes.readUIntBE(pixel * 3, 3));
}

function paeth(left, up, corner) {
  const [byLeft, byUp, byCorner] = [up - corner, left - corner, left + up - 2 * corner].map(Math.abs);
  if (byLeft <= byUp && byLeft <= byCorner) return left;
  return byUp <= byCorner ? up : corner;
}

function paletteOf(colours) {
  const counts = new Map();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const kept = [...counts]
    .sort(([, one], [, other]) => other - one)
    .slice(0, COLOURS)
    .map(([colour]) => colour);
  const indexes = new Map(kept.map((colour, index) => [colour, index]));
  const indexOf = (colour) => {
    const known = indexes.get(colour);
    if (known !== undefined) return known;
    const distances = kept.map((other) => distance(colour, other));
    const nearest = distances.indexOf(Math.min(...distances));
    indexes.set(colour, nearest);
    return nearest;
  };
  const palette = Buffer.alloc(kept.length * 3);
  kept.forEach((colour, index) => palette.writeUIntBE(colour, index * 3, 3));
  return { palette, indexOf };
}

function distance(one, other) {
  return [16, 8, 0].reduce((sum, shift) => sum + (((one >> shift) & 255) - ((other >> shift) & 255)) ** 2, 0);
}

function* chunksOf(png) {
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    yield { type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) };
    at += length + 12;
  }
}

function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, check]);
}
