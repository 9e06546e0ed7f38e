/** `greet`: every greeter greets, each failure is told beside the others' greetings. */
import { greeters, type ContributionEntry, type ExtensionError, type Greeter } from "../../index.js";
import type { CommandContext } from "../command-context.js";
import { exitCode, InputError } from "../exit-code.js";
import { errorDocument } from "../output/error-text.js";
import { singleLine } from "../output/style.js";
import { withHost } from "../run-host.js";
import { callFailure } from "../call-failure.js";
import { noteBrokenExtensions, unknownContribution } from "./unknown-contribution.js";
import { Option } from "commander";
import { withServices, type CommandDescription } from "../command.js";
import { separateIds } from "../options.js";

/** What `greet` says of itself. @internal */
export const greetCommand: CommandDescription<{ readonly only?: readonly string[] }> = {
  examples: ["greet World", "greet World --only english,spanish"],
  common: ["extensions", "config", "state"],
  options: [
    new Option("--only <ids>", "ids of the greeters to ask, separated by commas").argParser(separateIds),
  ],
  action: async (surroundings, [name = ""], { only }) =>
    greet(await withServices(surroundings), { name, only }),
};

/** Prints what each greeter says, in order of iteration. */
function greet(
  context: CommandContext,
  { name, only }: { readonly name: string; readonly only: readonly string[] | undefined },
): Promise<number> {
  const { output } = context;
  return withHost(context, async (host) => {
    const entries = host.contributions(greeters).entries();
    const known = entries.map(({ id }) => id);
    for (const id of only ?? []) {
      if (!known.includes(id)) throw unknownContribution("greeter", id, known);
    }
    noteBrokenExtensions(host, context);
    const asked = only === undefined ? entries : entries.filter(({ id }) => only.includes(id));
    if (asked.length === 0 && !output.isJson) {
      throw new InputError(
        "CALL_UNKNOWN_TARGET",
        "No extension contributes a greeter.",
        "See what is there with: plugboard list",
      );
    }
    const greetings = asked.map((entry) => greeting(entry, name));
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
          `${output.style("cyan", `[${singleLine(outcome.entry.item.lang)}]`)} ${String(outcome.text)}`,
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
  readonly entry: ContributionEntry<Greeter>;
  readonly text?: unknown;
  readonly error?: ExtensionError;
}

async function greeting(entry: ContributionEntry<Greeter>, name: string): Promise<GreetingOutcome> {
  try {
    return { entry, text: await entry.stub.greet(name) };
  } catch (error) {
    const { id, extensionId } = entry;
    return { entry, error: callFailure(error, { id, method: "greet", extensionId }) };
  }
}

function resultDocument({ entry, text, error }: GreetingOutcome): Readonly<Record<string, unknown>> {
  const { id, extensionId } = entry;
  if (error !== undefined) return { id, extensionId, error: errorDocument(error) };
  return { id, lang: entry.item.lang, extensionId, text: text ?? null };
}
