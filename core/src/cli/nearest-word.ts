/** What may have been meant by a word that nothing goes by. */

/** The nearest of the words that are known, if one is near. Loads what finds it only now: few words are slips. @internal */
export async function nearestWord(word: string, known: readonly string[]): Promise<string | undefined> {
  const { nearest } = await import("../index.js");
  return nearest(word, known);
}
