/** `explain`: why an extension is or is not active, or what an event activates. Runs no code of extensions. */
import { sep } from "node:path";
import { nearest } from "../../index.js";
import type { CommandContext } from "../command-context.js";
import { exitCode } from "../exit-code.js";
import { explanationDocument } from "../output/explanation-document.js";
import { withHost } from "../run-host.js";
import { withServices, type CommandDescription } from "../command.js";

/** What `explain` says of itself. @internal */
export const explainCommand: CommandDescription = {
  examples: ["explain acme.english", "explain onGreeter:english"],
  common: ["extensions", "config", "state"],
  action: async (surroundings, [subject = ""]) => explainSubject(await withServices(surroundings), subject),
};

/** Prints the host's explanation. */
function explainSubject(context: CommandContext, subject: string): Promise<number> {
  const { io, output } = context;
  return withHost(
    context,
    async (host) => {
      const explanation = host.explain(subject);
      const isUnknown = explanation.extension === undefined && explanation.activates.length === 0;
      const code = isUnknown ? exitCode.atFault : exitCode.done;
      if (output.isJson) {
        output.json(await explanationDocument(explanation, host, io.cwd));
        return code;
      }
      // The host names absolute paths.
      const id = explanation.extension?.id;
      const memoryBytes = id === undefined ? undefined : await host.memory(id);
      output.line(explanation.format({ memoryBytes }).trimEnd().replaceAll(`${io.cwd}${sep}`, `.${sep}`));
      if (isUnknown) {
        const ids = Array.from(host.extensions, ({ id }) => id ?? []).flat();
        const events = ids.flatMap((id) => host.explain(id).activationEvents);
        const near = ids.find((id) => id.endsWith(`.${subject}`)) ?? nearest(subject, [...ids, ...events]);
        if (near !== undefined) output.note(`Did you mean ${near}?`);
      }
      return code;
    },
    { until: "listed" },
  );
}
