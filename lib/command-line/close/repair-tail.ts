import type { FileHandle } from 'node:fs/promises';

const LINE_FEED = 10;
const CHUNK = 4_096;

/**
 * Cuts off a last line that was not written to its end, as a crash leaves it.
 *
 * @param file - open for reading and writing
 * @returns how many bytes are left
 */
export async function repairTail(file: FileHandle): Promise<number> {
  const end = await endOfWholeLines(file);
  const { size } = await file.stat();
  if (end < size) await file.truncate(end);
  return end;
}

/**
 * Where the last whole line ends.
 *
 * @param file - open for reading
 */
export async function endOfWholeLines(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const buffer = Buffer.alloc(CHUNK);
  for (let end = size; end > 0; end -= CHUNK) {
    const start = Math.max(0, end - CHUNK);
    // oxlint-disable-next-line no-await-in-loop -- mostly one chunk is enough
    const { bytesRead } = await file.read(buffer, 0, end - start, start);
    const found = buffer.subarray(0, bytesRead).lastIndexOf(LINE_FEED);
    if (found >= 0) return start + found + 1;
  }
  return 0;
}
