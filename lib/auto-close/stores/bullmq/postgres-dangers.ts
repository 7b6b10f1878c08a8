/** What is asked of a server, and which answer means that a crash or a power cut may lose what was acknowledged. */
const DANGERS: Readonly<Record<string, string>> = {
  fsync: 'so a power cut may destroy it',
  synchronous_commit: 'so a crash may lose the last closes that were scheduled',
};

/**
 * What may make a PostgreSQL server lose jobs that it has acknowledged.
 *
 * @param setting - asks for a setting of the server
 * @param name - of the server, for messages
 * @returns a sentence for each danger, with what to do
 */
export async function postgresDangers(
  setting: (name: string) => Promise<string | undefined>,
  name: string,
): Promise<string[]> {
  const found = await Promise.all(
    Object.entries(DANGERS).map(async ([option, danger]) =>
      (await setting(option)) === 'off' ? [`${name} has ${option} off, ${danger}: set "${option} = on" there.`] : [],
    ),
  );
  return found.flat();
}
