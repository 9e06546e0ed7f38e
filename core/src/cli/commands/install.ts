/** `install`: puts an extension where hosts find it. */
import { resolve } from "node:path";
import type { CommandContext } from "../command-context.js";
import { exitCode, InputError } from "../exit-code.js";
import { targetFolder } from "../host-setup.js";
import { keysFolder } from "../keys-folder.js";
import { withProgress } from "../long-work.js";
import { folderText, pathText } from "../output/path-text.js";
import { problemCounts } from "../output/problem-text.js";
import { singleLine } from "../output/style.js";

/** What the command line says about installing. @internal */
export interface InstallWords {
  readonly source: string;
  readonly keys: string | undefined;
  readonly requireVerified: boolean;
  readonly allowOlder: boolean;
}

/** Installs an extension in which validate finds no errors. @internal */
export async function install(context: CommandContext, words: InstallWords): Promise<number> {
  const { io, output } = context;
  const extensionFolder = await targetFolder(context);
  const { installExtension } = await import("../../packaging.js");
  const installed = await withProgress(context, "installing", (options) =>
    installExtension(resolve(io.cwd, words.source), {
      ...options,
      extensionFolder,
      keys: keysFolder(io, words.keys),
      requireVerified: words.requireVerified,
      allowOlder: words.allowOlder,
      examine: (folder) => refuseFaulty(context, folder),
    }),
  );
  const { id, version, folder, digest, trust, replaced, wasInstalled } = installed;
  if (output.isJson) {
    output.json({ ...installed, folder: pathText(folder, io.cwd) });
    return exitCode.done;
  }
  const instead = replaced === undefined ? "" : ` in place of ${replaced}`;
  output.line(
    wasInstalled
      ? `${id} ${version} is installed already; nothing has changed`
      : `${output.style("green", "installed")} ${id} ${version}${instead} into ${folderText(folder, io.cwd)}`,
  );
  const colour = trust.state === "verified" ? "green" : "yellow";
  output.line(`trust   ${output.style(colour, trust.state)}: ${singleLine(trust.message)}`);
  output.line(`digest  ${digest}`);
  return exitCode.done;
}

async function refuseFaulty({ output, services }: CommandContext, folder: string): Promise<void> {
  const { valid, problems } = await services.validateExtensions([folder]);
  if (valid) return;
  if (!output.isJson) for (const problem of problems) output.problem(problem);
  const first = problems.find(({ severity }) => severity === "error");
  const what = `It is not installed: ${problemCounts(problems)}. ${first?.message ?? ""}`;
  throw new InputError(first?.code ?? "MANIFEST_INVALID", what.trimEnd());
}
