/** Calls a method by the names that a person typed, and says which of them is wrong. */
import { inspect } from "node:util";
import { isExtensionError } from "@plugboard/extension-api";
import type { HostControl } from "../control.js";
import { unknownContribution } from "./commands/unknown-contribution.js";
import { InputError, UsageError } from "./exit-code.js";
import { nearestWord } from "./nearest-word.js";
import { resultJson } from "./output/result-json.js";

/** What to call. @internal */
export interface CallNames {
  readonly point: string;
  readonly id: string;
  readonly method: string;
}

/** What the method returns. @internal */
export async function callByName(
  control: HostControl,
  names: CallNames,
  args: readonly unknown[],
): Promise<unknown> {
  try {
    return await control.call({ ...names, args });
  } catch (error) {
    if (isExtensionError(error, "CALL_INVALID")) throw new UsageError(error.message);
    if (isExtensionError(error, "CALL_UNKNOWN_TARGET")) throw (await unknownTarget(control, names)) ?? error;
    throw error;
  }
}

/** What a method returned, for a person: a text as it is, everything else as JSON. @internal */
export function resultText(result: unknown): string {
  if (typeof result === "string") return result;
  try {
    return resultJson(result, { indent: 2 }) ?? inspect(result);
  } catch (error) {
    if (error instanceof InputError) throw error;
    // Circles and bigints have no JSON, but a person can still be shown something.
    return inspect(result, { depth: 2 });
  }
}

/** Which of the names is unknown, if it is the point or the id. */
async function unknownTarget(
  control: HostControl,
  { point, id }: CallNames,
): Promise<InputError | undefined> {
  const points = await control.points();
  if (!points.includes(point)) {
    const near = await nearestWord(point, points);
    const list = `Points: ${points.join(", ")}.`;
    return new InputError(
      "CALL_UNKNOWN_TARGET",
      `There is no contribution point "${point}".`,
      near === undefined ? list : `Did you mean ${near}? ${list}`,
    );
  }
  const ids = (await control.contributions(point)).map((entry) => entry.id);
  return ids.includes(id) ? undefined : unknownContribution(`contribution to ${point}`, id, ids);
}
