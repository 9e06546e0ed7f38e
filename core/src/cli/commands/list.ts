/** `list`: the extensions as they are after start-up. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ExtensionInfo } from "../../index.js";
import type { HeldExtension } from "../../packaging.js";
import type { CommandContext } from "../command-context.js";
import { exitCode } from "../exit-code.js";
import { listDocument } from "../output/extension-document.js";
import { extensionTable, findingLines, trustLines } from "../output/extension-table.js";
import { folderText } from "../output/path-text.js";
import { singleLine } from "../output/style.js";
import { withHost } from "../run-host.js";

/** Prints a table, and beneath it what is wrong and what to do. @internal */
export function listExtensions(context: CommandContext): Promise<number> {
  const { io, output } = context;
  return withHost(context, async (host, { folders, hostOptions }) => {
    const held = await heldIn(hostOptions.extensionFolders ?? []);
    if (output.isJson) {
      output.json({ ...(await listDocument(host, io.cwd)), ...(held.length > 0 && { held }) });
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
    for (const line of revokedLines(extensions)) output.line(line);
    for (const { sentences } of held) for (const sentence of sentences) output.line(singleLine(sentence));
    output.line("");
    for (const line of trustLines(extensions, style)) output.line(line);
    return exitCode.done;
  });
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
