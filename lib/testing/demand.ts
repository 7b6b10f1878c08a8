/**
 * Ends a case where something does not hold.
 *
 * @param holds - whether it does
 * @param sentence - what is wrong, for a person
 * @param cause - the error that came of it, if there is one
 * @throws Error with the sentence
 */
export function demand(holds: boolean, sentence: string, cause?: unknown): asserts holds {
  if (!holds) throw new Error(sentence, cause === undefined ? {} : { cause });
}
