/**
 * A number from 0 to below 1 that depends on its arguments alone, so that a run can be had again by its seed, in
 * whatever order its calls end.
 *
 * @param {...(string | number)} parts - what it depends on
 * @returns {number}
 */
export function chance(...parts) {
  let hash = 0x811c9dc5;
  for (const character of parts.join('|')) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
