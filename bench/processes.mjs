import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Starts a script, sends it its settings, and waits for what it has to say. */
export async function ask(script, settings, { execArgv = [], env = {} } = {}) {
  const child = fork(fileOf(script), { execArgv, env: { ...process.env, ...env } });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(
      `${script} ended with ${code} for ${JSON.stringify({ ...settings, keys: undefined, tls: undefined })}`,
    );
  });
  failed.catch(() => {});
  await Promise.race([once(child, 'message'), failed]);
  child.send(settings);
  const [answer] = await Promise.race([once(child, 'message'), failed]);
  return { child, answer };
}

/** The middle one, or the mean of the middle two. */
export function median(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}
