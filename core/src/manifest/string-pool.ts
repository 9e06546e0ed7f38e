/**
 * Gives equal strings of many texts one place in memory. Manifests repeat licences, ranges, publishers and names of
 * files. Holds a fixed number of strings, the newest of each cheap hash: a miss costs a copy, never correctness.
 */

const size = 1024;
const longest = 256;

/** Strings that were met lately. @internal */
export class StringPool {
  readonly #strings: string[] = new Array<string>(size).fill("");

  /** The string that stands between two places of the text, if it was met lately. */
  find(text: string, start: number, end: number): string | undefined {
    const length = end - start;
    if (length === 0 || length > longest) return undefined;
    const met = this.#strings[slotOf(text, start, end)];
    return met?.length === length && text.startsWith(met, start) ? met : undefined;
  }

  /** Remembers a string that keeps no other text alive. */
  keep(string: string): void {
    const { length } = string;
    if (length > 0 && length <= longest) this.#strings[slotOf(string, 0, length)] = string;
  }
}

function slotOf(text: string, start: number, end: number): number {
  const length = end - start;
  const first = text.charCodeAt(start);
  const middle = text.charCodeAt(start + (length >> 1));
  const last = text.charCodeAt(end - 1);
  return (first * 31 + middle * 17 + last * 7 + length * 131) & (size - 1);
}
