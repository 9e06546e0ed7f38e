/** `call`: one method of one contribution, by name. */
import type { CommandSurroundings } from "../command-context.js";
import type { CommandDescription } from "../command.js";
import { exitCode, UsageError } from "../exit-code.js";
import { callByName, resultText, type CallNames } from "../named-call.js";
import { writableResult } from "../output/result-json.js";
import { withHost } from "../run-host.js";

/** What `call` says of itself. @internal */
export const callCommand: CommandDescription = {
  examples: [`call greeters english greet '"World"'`, `call commands acme.hello execute 1 '{"loud": true}'`],
  common: ["extensions", "config", "state", "alone"],
  action: (surroundings, [point = "", id = "", method = "", ...args]) =>
    callMethod(surroundings, { point, id, method, args }),
};

/** What to call, with what. */
interface CallTarget extends CallNames {
  /** JSON texts. */
  readonly args: readonly string[];
}

/** Prints what the method returns: a text as it is, everything else as JSON. */
async function callMethod(context: CommandSurroundings, target: CallTarget): Promise<number> {
  const args = target.args.map(parseArgument);
  const { output } = context;
  return withHost(context, async (control) => {
    const result = await callByName(control, target, args);
    if (output.isJson) output.json({ result: writableResult(result) });
    else if (result !== undefined) output.result(resultText(result));
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
