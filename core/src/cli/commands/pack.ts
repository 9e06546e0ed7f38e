/** `pack`: makes one file of an extension's folder, and shows what is in it. */
import { resolve } from "node:path";
import { Option } from "commander";
import type { ListedFile } from "../../packaging.js";
import type { CommandContext } from "../command-context.js";
import { withServices, type CommandDescription } from "../command.js";
import { requireCurrentFolder } from "../current-folder.js";
import { exitCode } from "../exit-code.js";
import { knownFolders } from "../known-folders.js";
import { withProgress } from "../long-work.js";
import { folderText, pathText } from "../output/path-text.js";
import { problemCounts, problemDocument, problemLines } from "../output/problem-text.js";
import { sizeText } from "../output/size-text.js";
import { tableLines } from "../output/table.js";

/** What `pack` says of itself. @internal */
export const packCommand: CommandDescription<{ readonly out?: string }> = {
  examples: ["pack ./english", "pack ./english --out ./dist --json"],
  common: ["extensions", "config"],
  options: [new Option("--out <dir>", "folder for the archive (default: the current directory)")],
  notes: `
The archive holds the folder's files and, from node_modules, the packages that package.json lists under dependencies.
It leaves out development dependencies, tests, version control, and settings such as .env and .npmrc. To leave out
more, list it in .plugboardignore, which is written like .gitignore; a line that starts with ! puts files back in.
A file that looks like a key or a password stops packing until such a line says that it belongs in the archive.`,
  action: async (surroundings, [folder = ""], { out }) =>
    pack(await withServices(surroundings), { folder, out }),
};

/** As many files as fit on a screen; a program gets all. */
const longestReport = 20;

/** Packs a folder that has no errors. */
async function pack(
  context: CommandContext,
  { folder: name, out }: { readonly folder: string; readonly out: string | undefined },
): Promise<number> {
  const { io, output, services } = context;
  requireCurrentFolder(io, out);
  const folder = resolve(io.cwd, name);
  const { valid, problems } = await services.validateExtensions([folder], {
    beside: await knownFolders(context, folder),
  });
  if (!valid) {
    if (output.isJson) {
      const documents = problems.map((problem) => problemDocument(problem, io.cwd));
      output.json({ packed: false, problems: documents });
      return exitCode.atFault;
    }
    for (const problem of problems) {
      for (const line of problemLines(problem, io.cwd, output.style)) output.line(line);
    }
    output.line(`${output.style("red", "not packed")}: ${problemCounts(problems)}`);
    return exitCode.atFault;
  }
  const { packExtension } = await import("../../packaging.js");
  const packed = await withProgress(context, "packing", (options) =>
    packExtension(folder, { ...options, outFolder: resolve(io.cwd, out ?? ".") }),
  );
  const { id, version, digest, archive, archiveSize } = packed;
  const files = packed.files.toSorted((one, other) => other.size - one.size);
  if (output.isJson) {
    output.json({
      packed: true,
      id,
      version,
      archive: pathText(archive, io.cwd),
      archiveSize,
      digest,
      files,
      problems: problems.map((problem) => problemDocument(problem, io.cwd)),
    });
    return exitCode.done;
  }
  for (const problem of problems) output.problem(problem);
  const size = sizeText(files.reduce((total, file) => total + file.size, 0));
  for (const line of report(files, context)) output.line(line);
  output.line("");
  const count = `${files.length.toLocaleString("en")} ${files.length === 1 ? "file" : "files"}`;
  output.line(`${output.style("green", "packed")} ${id} ${version}: ${count}, ${size}`);
  output.line(`archive ${folderText(archive, io.cwd)} (${sizeText(archiveSize)})`);
  output.line(`digest  ${digest}`);
  return exitCode.done;
}

function report(files: readonly ListedFile[], { output }: CommandContext): readonly string[] {
  const lines = tableLines(
    files.slice(0, longestReport),
    [
      { title: "SIZE", text: ({ size }) => sizeText(size), align: "right" },
      { title: "FILE", text: ({ path, isExecutable }) => (isExecutable ? `${path} (executable)` : path) },
    ],
    { width: output.columns, style: output.style },
  );
  const more = files.length - longestReport;
  return more > 0 ? [...lines, `… and ${more.toLocaleString("en")} smaller ones`] : lines;
}
