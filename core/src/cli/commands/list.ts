/** `list`: the extensions as they are after start-up. */
import type { ExtensionHost } from "../../index.js";
import type { CommandContext } from "../command-context.js";
import { exitCode } from "../exit-code.js";
import { listDocument } from "../output/extension-document.js";
import { extensionTable, findingLines, trustLines } from "../output/extension-table.js";
import { folderText } from "../output/path-text.js";
import { problemDocument } from "../output/problem-text.js";
import type { HostSetup } from "../host-setup.js";
import { withHost } from "../run-host.js";

/** Prints a table, and beneath it what is wrong and what to do. @internal */
export function listExtensions(context: CommandContext): Promise<number> {
  const { io, output } = context;
  const list = async (host: ExtensionHost, { folders }: HostSetup): Promise<number> => {
    if (output.isJson) {
      const problems = host.problems.map((problem) => problemDocument(problem, io.cwd));
      output.json({ ...(await listDocument(host, io.cwd)), problems });
      return exitCode.done;
    }
    const extensions = Array.from(host.extensions);
    const { style, columns } = output;
    const names = folders.map((folder) => folderText(folder, io.cwd)).join(", ");
    const table =
      extensions.length === 0
        ? [`No extensions in ${names}.`]
        : extensionTable(extensions, { cwd: io.cwd, width: columns, style });
    const findings = findingLines(extensions, host.problems, { cwd: io.cwd, style });
    const trusts = trustLines(extensions, style);
    const sections = [table, findings, trusts].filter(({ length }) => length > 0);
    for (const line of sections.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines])))
      output.line(line);
    return exitCode.done;
  };
  return withHost(context, list, { showsProblems: true });
}
