/**
 * What may make a Redis server lose jobs that it has acknowledged.
 *
 * @param info - what its command INFO says
 * @param name - of the server, for messages
 * @returns a sentence for each danger, with what to do
 */
export function redisDangers(info: string, name: string): string[] {
  const facts = new Map(info.split(/\r?\n/).map((line) => splitOnce(line)));
  const dangers: string[] = [];
  const aof = facts.get('aof_enabled');
  if (aof === undefined) {
    dangers.push(`${name} does not tell whether it persists: make sure that it does, with "appendonly yes".`);
  } else if (aof !== '1') {
    dangers.push(
      `${name} has appendonly off, so a restart may lose scheduled closes: set "appendonly yes" there, or leave it and rely on reconcile.`,
    );
  }
  const policy = facts.get('maxmemory_policy');
  if (policy === undefined) {
    dangers.push(
      `${name} does not tell its maxmemory-policy: make sure that it is noeviction, or it may drop scheduled closes.`,
    );
  } else if (policy !== 'noeviction') {
    dangers.push(
      `${name} has maxmemory-policy ${policy}, so it drops scheduled closes when its memory is full: set "maxmemory-policy noeviction", and give caches another server.`,
    );
  }
  return dangers;
}

function splitOnce(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1)];
}
