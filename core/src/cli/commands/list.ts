/** `list`: the extensions as they are after start-up. */
import type { CommandContext } from "../command-context.js";
import { exitCode } from "../exit-code.js";
import { listDocument } from "../output/extension-document.js";
import { extensionTable, findingLines, trustLines } from "../output/extension-table.js";
import { folderText } from "../output/path-text.js";
import { withHost } from "../run-host.js";

/** Prints a table, and beneath it what is wrong and what to do. @internal */
export function listExtensions(context: CommandContext): Promise<number> {
  const { io, output } = context;
  return withHost(context, async (host, { folders }) => {
    if (output.isJson) {
      output.json(await listDocument(host, io.cwd));
      return exitCode.done;
    }
    const extensions = Array.from(host.extensions);
    if (extensions.length === 0) {
      output.line(`No extensions in ${folders.map((folder) => folderText(folder, io.cwd)).join(", ")}.`);
      return exitCode.done;
    }
    const { style, columns } = output;
    for (const line of extensionTable(extensions, { cwd: io.cwd, width: columns, style })) output.line(line);
    const findings = findingLines(extensions, host.problems, { cwd: io.cwd, style });
    if (findings.length > 0) output.line("");
    for (const line of findings) output.line(line);
    output.line("");
    for (const line of trustLines(extensions, style)) output.line(line);
    return exitCode.done;
  });
}
