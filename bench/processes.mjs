import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const fileOf = (name) => fileURLToPath(new URL(name, import.meta.url));

/**
 * Starts a script that answers, see {@link answerTo}.
 *
 * @returns `ask`, which has it do something and resolves with its answer, and `kill`
 */
export async function startProcess(script, { execArgv = [], env = {} } = {}) {
  const child = fork(fileOf(script), { execArgv, env: { ...process.env, ...env } });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`${script} ended with ${code}`);
  });
  ended.catch(() => {});
  const heard = () => Promise.race([once(child, 'message').then(([message]) => message), ended]);
  await heard();
  const ask = (what, details = {}) => {
    const answer = heard();
    child.send({ what, details });
    return answer;
  };
  return { ask, kill: () => child.kill() };
}

/** Answers the parent's questions, one after the other. */
export function answerTo(answers) {
  process.on('message', ({ what, details }) => {
    void answers[what](details).then((answer) => process.connected && process.send(answer ?? null));
  });
  // However the parent ended.
  process.on('disconnect', () => process.exit());
  process.send('ready');
}

/** The middle one, or the mean of the middle two. */
export function median(numbers) {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}
