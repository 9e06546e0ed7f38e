/** `list`: the extensions that are there. Runs no code of theirs. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { HostControl } from "../../control.js";
import type { ExtensionInfo } from "../../index.js";
import type { HeldExtension } from "../../packaging.js";
import type { CommandSurroundings } from "../command-context.js";
import type { CommandDescription } from "../command.js";
import { exitCode } from "../exit-code.js";
import type { HostSetup } from "../host-setup.js";
import { infoOf, recordDocument } from "../output/extension-document.js";
import { extensionTable, findingLines, trustLines } from "../output/extension-table.js";
import { folderText } from "../output/path-text.js";
import { problemDocument } from "../output/problem-text.js";
import { singleLine } from "../output/style.js";
import { withHost } from "../run-host.js";

/** What `list` says of itself. @internal */
export const listCommand: CommandDescription = {
  examples: ["list", "list --json"],
  common: ["extensions", "config", "state", "alone"],
  action: (surroundings) => listExtensions(surroundings),
};

/** Prints a table, and beneath it what is wrong and what to do. */
function listExtensions(context: CommandSurroundings): Promise<number> {
  const { io, output } = context;
  const list = async (control: HostControl, { folders, hostOptions }: HostSetup): Promise<number> => {
    const { extensions: records, problems } = await control.list({ memory: output.isJson });
    const held = await heldIn(hostOptions.extensionFolders ?? []);
    if (output.isJson) {
      output.json({
        extensions: records.map((record) => recordDocument(record, io.cwd)),
        problems: problems.map((problem) => problemDocument(problem, io.cwd)),
        ...(held.length > 0 && { held }),
      });
      return exitCode.done;
    }
    const extensions = records.map(infoOf);
    const { style, columns } = output;
    const names = folders.map((folder) => folderText(folder, io.cwd)).join(", ");
    const table =
      extensions.length === 0
        ? [`No extensions in ${names}.`]
        : extensionTable(extensions, { cwd: io.cwd, width: columns, style });
    const findings = findingLines(extensions, problems, { cwd: io.cwd, style });
    const notes = [
      ...revokedLines(extensions),
      ...held.flatMap(({ sentences }) => sentences.map(singleLine)),
    ];
    const trusts = trustLines(extensions, style);
    const sections = [table, [...findings, ...notes], trusts].filter(({ length }) => length > 0);
    for (const line of sections.flatMap((lines, index) => (index === 0 ? lines : ["", ...lines])))
      output.line(line);
    return exitCode.done;
  };
  return withHost(context, list, { showsProblems: true, until: "listed" });
}

/** Those that run although the key that signed them is trusted no longer; of others the reason is told. */
function revokedLines(extensions: readonly ExtensionInfo[]): readonly string[] {
  return extensions.flatMap(({ id, version, signature, reason }) =>
    signature?.state !== "revoked" || reason?.code === "TRUST_REVOKED"
      ? []
      : [singleLine(`${id ?? "an extension"} ${version ?? ""}: ${signature.message}`)],
  );
}

/** Newer versions that updates pass over. Where nothing was installed, nothing is loaded to find that out. */
async function heldIn(folders: readonly string[]): Promise<readonly HeldExtension[]> {
  const used = folders.filter((folder) => existsSync(join(folder, ".plugboard")));
  if (used.length === 0) return [];
  const { heldExtensions } = await import("../../packaging.js");
  return (await Promise.all(used.map(heldExtensions))).flat();
}
