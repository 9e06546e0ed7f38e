/** `greet`: every greeter greets, each failure is told beside the others' greetings. */
import { greeters } from "@plugboard/extension-api";
import { Option } from "commander";
import type { ContributionRecord, HostControl } from "../../control.js";
import type { CommandSurroundings } from "../command-context.js";
import type { CommandDescription } from "../command.js";
import { exitCode, InputError } from "../exit-code.js";
import { separateIds } from "../options.js";
import { errorDocument } from "../output/error-text.js";
import { singleLine } from "../output/style.js";
import { withHost } from "../run-host.js";
import { noteBrokenExtensions, unknownContribution } from "./unknown-contribution.js";

/** What `greet` says of itself. @internal */
export const greetCommand: CommandDescription<{ readonly only?: readonly string[] }> = {
  examples: ["greet World", "greet World --only english,spanish"],
  common: ["extensions", "config", "state", "alone"],
  options: [
    new Option("--only <ids>", "ids of the greeters to ask, separated by commas").argParser(separateIds),
  ],
  action: (surroundings, [name = ""], { only }) => greet(surroundings, { name, only }),
};

/** Prints what each greeter says, in order of iteration. */
function greet(
  context: CommandSurroundings,
  { name, only }: { readonly name: string; readonly only: readonly string[] | undefined },
): Promise<number> {
  const { output } = context;
  return withHost(context, async (control) => {
    const entries = await control.contributions(greeters.id);
    const known = entries.map(({ id }) => id);
    for (const id of only ?? []) {
      if (!known.includes(id)) throw await unknownContribution("greeter", id, known);
    }
    await noteBrokenExtensions(control, context);
    const asked = only === undefined ? entries : entries.filter(({ id }) => only.includes(id));
    if (asked.length === 0 && !output.isJson) {
      throw new InputError(
        "CALL_UNKNOWN_TARGET",
        "No extension contributes a greeter.",
        "See what is there with: plugboard list",
      );
    }
    const greetings = asked.map((entry) => greeting(control, entry, name));
    if (output.isJson) {
      const outcomes = await Promise.all(greetings);
      output.json({ results: outcomes.map(resultDocument) });
      return outcomes.some(({ error }) => error !== undefined) ? exitCode.atFault : exitCode.done;
    }
    let code: number = exitCode.done;
    for (const pending of greetings) {
      const outcome = await pending;
      if (outcome.error === undefined) {
        output.result(
          `${output.style("cyan", `[${singleLine(languageOf(outcome.entry))}]`)} ${String(outcome.text)}`,
        );
        continue;
      }
      output.note(`${outcome.entry.id} (${outcome.entry.extensionId}):`);
      output.error(outcome.error);
      code = exitCode.atFault;
    }
    return code;
  });
}

interface GreetingOutcome {
  readonly entry: ContributionRecord;
  readonly text?: unknown;
  readonly error?: unknown;
}

async function greeting(
  control: HostControl,
  entry: ContributionRecord,
  name: string,
): Promise<GreetingOutcome> {
  try {
    const { point, id } = entry;
    return { entry, text: await control.call({ point, id, method: "greet", args: [name] }) };
  } catch (error) {
    return { entry, error };
  }
}

function languageOf({ item }: ContributionRecord): string {
  return String(item["lang"]);
}

function resultDocument({ entry, text, error }: GreetingOutcome): Readonly<Record<string, unknown>> {
  const { id, extensionId } = entry;
  if (error !== undefined) return { id, extensionId, error: errorDocument(error) };
  return { id, lang: languageOf(entry), extensionId, text: text ?? null };
}
