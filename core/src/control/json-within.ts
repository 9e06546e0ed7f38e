/** Writes values of others as JSON without unfolding them beyond a limit. */

/**
 * The JSON of the value; undefined if it would be longer than about `limit` characters, or can't be JSON. A part that occurs in
 * many places counts in each of them.
 *
 * @internal
 */
export function jsonWithin(value: unknown, limit: number): string | undefined {
  let left = limit;
  try {
    return JSON.stringify(value, (name, part: unknown) => {
      left -= 1 + name.length + (typeof part === "string" ? part.length : 0);
      if (left < 0) throw new RangeError("too long");
      return part;
    }) as string | undefined;
  } catch {
    // Circles and bigints have no JSON either.
    return undefined;
  }
}
