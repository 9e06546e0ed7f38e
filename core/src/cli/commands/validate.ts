/** `validate`: checks what the host checks, without running code. */
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Problem } from "../../index.js";
import type { CommandContext } from "../command-context.js";
import { withServices, type CommandDescription } from "../command.js";
import { exitCode } from "../exit-code.js";
import { problemCounts, problemDocument, problemLines } from "../output/problem-text.js";

/** What `validate` says of itself. @internal */
export const validateCommand: CommandDescription = {
  examples: ["validate ./extensions/english", "validate ./extensions --json"],
  common: [],
  action: async (surroundings, folders) => validate(await withServices(surroundings), folders),
};

/** Prints every finding with its place and what to do about it. */
async function validate(
  { io, output, services }: CommandContext,
  directories: readonly string[],
): Promise<number> {
  const folders = directories.map((directory) => resolve(io.cwd, directory));
  const nothings = await Promise.all(folders.map(nothingToValidate));
  const something = folders.filter((_folder, index) => nothings[index] === undefined);
  const validation = await services.validateExtensions(something);
  const problems = [...nothings.filter((problem) => problem !== undefined), ...validation.problems];
  const valid = !problems.some(({ severity }) => severity === "error");
  if (output.isJson) {
    output.json({ valid, problems: problems.map((problem) => problemDocument(problem, io.cwd)) });
  } else {
    for (const problem of problems) {
      for (const line of problemLines(problem, io.cwd, output.style)) output.line(line);
    }
    const summary = problemCounts(problems);
    const failed = something.length === 0 ? "nothing to validate" : "not valid";
    output.line(`${valid ? output.style("green", "valid") : output.style("red", failed)}: ${summary}`);
  }
  return valid ? exitCode.done : exitCode.atFault;
}

/**
 * What is there instead of anything to check; undefined if there is a manifest, also one that can't be read, or a link
 * that may lead to one.
 */
async function textWithoutExtension(folder: string): Promise<string | undefined> {
  const children = await readdir(folder, { withFileTypes: true });
  const isManifest = ({ name }: { readonly name: string }) => name === "plugin.json5";
  if (children.some(isManifest)) return undefined;
  const inside: string[] = [];
  for (const child of children) {
    if (child.name.startsWith(".") || child.name === "node_modules") continue;
    if (child.isSymbolicLink()) return undefined;
    if (!child.isDirectory()) continue;
    inside.push(child.name);
    try {
      if ((await readdir(join(folder, child.name), { withFileTypes: true })).some(isManifest))
        return undefined;
    } catch {
      // What can't be looked into is a finding of the host's.
      return undefined;
    }
  }
  if (children.length === 0) return "The folder is empty.";
  if (inside.length === 0)
    return "The folder holds no plugin.json5, and no folder that could be an extension.";
  const more = inside.length > shownFolders ? ` and ${inside.length - shownFolders} more` : "";
  return `The folder holds no extension, and neither do the folders in it: ${inside.slice(0, shownFolders).join(", ")}${more}.`;
}

const shownFolders = 3;

/**
 * A host waits for a folder that is missing or empty. Who names one to have it validated has mistaken it, and
 * must not be told that it is valid.
 */
async function nothingToValidate(folder: string): Promise<Problem | undefined> {
  const problem = (code: Problem["code"], message: string): Problem => ({
    code,
    severity: "error",
    file: folder,
    message,
  });
  try {
    const text = await textWithoutExtension(folder);
    return text === undefined ? undefined : problem("MANIFEST_MISSING", text);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return problem("DISCOVERY_FOLDER_MISSING", "The folder does not exist.");
    // Who names the manifest means its folder.
    if (code === "ENOTDIR" && basename(folder) === "plugin.json5") return undefined;
    if (code === "ENOTDIR") return problem("DISCOVERY_UNREADABLE", "This is not a folder.");
    return problem("DISCOVERY_UNREADABLE", `The folder can't be read: ${message}.`);
  }
}
