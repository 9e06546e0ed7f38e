/** `call`: one method of one contribution, by name. */
import { inspect } from "node:util";
import { isExtensionError, nearest, type ExtensionHost } from "../../index.js";
import type { CommandContext } from "../command-context.js";
import { exitCode, InputError, UsageError } from "../exit-code.js";
import { withHost } from "../run-host.js";
import { callFailure } from "../call-failure.js";
import { unknownContribution } from "./unknown-contribution.js";

/** What to call, with what. @internal */
export interface CallTarget {
  readonly point: string;
  readonly id: string;
  readonly method: string;
  /** JSON texts. */
  readonly args: readonly string[];
}

/** Prints what the method returns: a text as it is, everything else as JSON. @internal */
export async function callMethod(context: CommandContext, target: CallTarget): Promise<number> {
  const args = target.args.map(parseArgument);
  const { output } = context;
  return withHost(context, async (host) => {
    let result: unknown;
    try {
      result = await host.call(target.point, target.id, target.method, args);
    } catch (error) {
      if (isExtensionError(error, "CALL_INVALID")) throw new UsageError(error.message);
      throw isExtensionError(error, "CALL_UNKNOWN_TARGET")
        ? (unknownTarget(host, target) ?? error)
        : callFailure(error, target);
    }
    if (output.isJson) output.json({ result: result ?? null });
    else if (result !== undefined) output.line(resultText(result));
    return exitCode.done;
  });
}

function parseArgument(text: string, index: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(
      `argument ${index + 1} is not JSON: ${text}\n    A text needs quotes of its own: '${JSON.stringify(text)}'`,
    );
  }
}

/** Which part of the target is unknown, if it is the point or the id. */
function unknownTarget(host: ExtensionHost, { point, id }: CallTarget): InputError | undefined {
  const points = host.points;
  if (!points.includes(point)) {
    const near = nearest(point, points);
    const list = `Points: ${points.join(", ")}.`;
    return new InputError(
      "CALL_UNKNOWN_TARGET",
      `There is no contribution point "${point}".`,
      near === undefined ? list : `Did you mean ${near}? ${list}`,
    );
  }
  const ids = host
    .contributions(point)
    .entries()
    .map((entry) => entry.id);
  return ids.includes(id) ? undefined : unknownContribution(`contribution to ${point}`, id, ids);
}

function resultText(result: unknown): string {
  if (typeof result === "string") return result;
  try {
    return JSON.stringify(result, undefined, 2);
  } catch {
    // Circles and bigints have no JSON, but a person can still be shown something.
    return inspect(result, { depth: 6 });
  }
}
