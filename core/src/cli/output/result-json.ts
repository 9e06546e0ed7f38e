/** What a method returned, as JSON. In process it may be an object of a class, of which nobody has counted what it holds. */
import { InputError } from "../exit-code.js";

/** Values and characters of the longest result that is written. */
const longest = 16 * 1024 * 1024;

/**
 * The text; undefined for what has no JSON, as functions.
 *
 * @throws InputError `CALL_TOO_LARGE` for what would be written without end, a part that occurs in many places counted in
 *   each of them; TypeError for what can't be JSON
 * @internal
 */
export function resultJson(result: unknown, { indent = 0 } = {}): string | undefined {
  let left = longest;
  // Functions and symbols have no JSON, which the type of stringify keeps quiet about.
  return JSON.stringify(
    result,
    (name, value: unknown) => {
      left -= 1 + name.length + (typeof value === "string" ? value.length : 0);
      if (left >= 0) return value;
      throw new InputError(
        "CALL_TOO_LARGE",
        "The result is too large to be written as JSON: a part that occurs in several places is written in each.",
      );
    },
    indent,
  ) as string | undefined;
}

/** A result as a document holds it. @throws InputError `CALL_TOO_LARGE`, `CALL_FAILED` for what can't be JSON @internal */
export function writableResult(result: unknown): unknown {
  try {
    return resultJson(result) === undefined ? null : result;
  } catch (error) {
    if (error instanceof InputError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError("CALL_FAILED", `The result can't be written as JSON: ${reason}`);
  }
}
