/** `transform`: a text goes through transformers, one after the other. */
import { text as readText } from "node:stream/consumers";
import { transformers } from "@plugboard/extension-api";
import { Option } from "commander";
import type { CommandSurroundings } from "../command-context.js";
import type { CommandDescription } from "../command.js";
import { exitCode, UsageError } from "../exit-code.js";
import { separateIds } from "../options.js";
import { withHost } from "../run-host.js";
import { unknownContribution } from "./unknown-contribution.js";

/** What `transform` says of itself. @internal */
export const transformCommand: CommandDescription<{ readonly with: readonly string[] }> = {
  examples: ['transform "some text" --with upper,reverse', "transform - --with upper < README.md"],
  common: ["extensions", "config", "state", "alone"],
  options: [
    new Option("--with <ids>", "ids of the transformers in order, separated by commas (required)")
      .argParser(separateIds)
      .makeOptionMandatory(),
  ],
  action: (surroundings, [text = ""], flags) => transform(surroundings, { text, with: flags.with }),
};

/** Prints the text as the last transformer returns it. */
async function transform(
  context: CommandSurroundings,
  options: { readonly text: string; readonly with: readonly string[] },
): Promise<number> {
  const { io, output } = context;
  if (options.with.length === 0) throw new UsageError("--with names no transformer");
  return withHost(context, async (control) => {
    const point = transformers.id;
    const known = (await control.contributions(point)).map(({ id }) => id);
    for (const id of options.with)
      if (!known.includes(id)) throw await unknownContribution("transformer", id, known);
    // A line given by a pipe ends in a line break that is not part of what was said.
    let text = options.text === "-" ? (await readText(io.stdin)).replace(/\r?\n$/, "") : options.text;
    const steps: { readonly id: string; readonly text: string }[] = [];
    for (const id of options.with) {
      text = String(await control.call({ point, id, method: "transform", args: [text] }));
      steps.push({ id, text });
    }
    if (output.isJson) output.json({ text, steps });
    else output.result(text.replace(/\n$/, ""));
    return exitCode.done;
  });
}
