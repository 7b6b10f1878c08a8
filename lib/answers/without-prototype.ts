/**
 * A copy whose absent members are absent, even if somebody in the process has put something on `Object.prototype`.
 *
 * @param value - whose own members are copied
 */
export function withoutPrototype<T extends object>(value: T): T {
  const copy: T = { ...value };
  Object.setPrototypeOf(copy, null);
  return copy;
}
