/** `explain`: why an extension is or is not active, or what an event activates. Runs no code of extensions. */
import { sep } from "node:path";
import type { HostControl } from "../../control.js";
import type { CommandSurroundings } from "../command-context.js";
import type { CommandDescription } from "../command.js";
import { exitCode } from "../exit-code.js";
import { nearestWord } from "../nearest-word.js";
import { explanationDocument } from "../output/explanation-document.js";
import { withHost } from "../run-host.js";

/** What `explain` says of itself. @internal */
export const explainCommand: CommandDescription = {
  examples: ["explain acme.english", "explain onGreeter:english"],
  common: ["extensions", "config", "state", "alone"],
  action: (surroundings, [subject = ""]) => explainSubject(surroundings, subject),
};

/** Prints the host's explanation. */
function explainSubject(context: CommandSurroundings, subject: string): Promise<number> {
  const { io, output } = context;
  return withHost(
    context,
    async (control) => {
      const explanation = await control.explain(subject);
      const isUnknown = explanation.extension === undefined && explanation.activates.length === 0;
      const code = isUnknown ? exitCode.atFault : exitCode.done;
      if (output.isJson) {
        output.json(explanationDocument(explanation, io.cwd));
        return code;
      }
      // The host names absolute paths.
      output.line(explanation.text.trimEnd().replaceAll(`${io.cwd}${sep}`, `.${sep}`));
      if (isUnknown) {
        const near = await nearestSubject(control, subject);
        if (near !== undefined) output.note(`Did you mean ${near}?`);
      }
      return code;
    },
    { until: "listed" },
  );
}

/** The id or event that may have been meant. */
async function nearestSubject(control: HostControl, subject: string): Promise<string | undefined> {
  const { extensions } = await control.list();
  const ids = extensions.flatMap(({ id }) => id ?? []);
  const named = ids.find((id) => id.endsWith(`.${subject}`));
  if (named !== undefined) return named;
  const events = new Set<string>();
  for (const id of ids) for (const event of (await control.explain(id)).activationEvents) events.add(event);
  return nearestWord(subject, [...ids, ...events]);
}
