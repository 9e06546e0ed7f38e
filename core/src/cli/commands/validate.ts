/** `validate`: checks what the host checks, without running code. */
import { readdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Problem } from "../../index.js";
import type { CommandContext } from "../command-context.js";
import { exitCode } from "../exit-code.js";
import { problemCounts, problemDocument, problemLines } from "../output/problem-text.js";

/** Prints every finding with its place and what to do about it. @internal */
export async function validate(
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
    output.line(`${valid ? output.style("green", "valid") : output.style("red", "not valid")}: ${summary}`);
  }
  return valid ? exitCode.done : exitCode.atFault;
}

/** Whether there is anything to check: a manifest, also one that can't be read, or a link that may lead to one. */
async function holdsExtension(folder: string): Promise<boolean> {
  const children = await readdir(folder, { withFileTypes: true });
  const isManifest = ({ name }: { readonly name: string }) => name === "plugin.json5";
  if (children.some(isManifest)) return true;
  for (const child of children) {
    if (child.name.startsWith(".") || child.name === "node_modules") continue;
    if (child.isSymbolicLink()) return true;
    if (!child.isDirectory()) continue;
    try {
      if ((await readdir(join(folder, child.name), { withFileTypes: true })).some(isManifest)) return true;
    } catch {
      // What can't be looked into is a finding of the host's.
      return true;
    }
  }
  return false;
}

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
    if (await holdsExtension(folder)) return undefined;
    return problem("MANIFEST_MISSING", "The folder holds no extension, and neither do the folders in it.");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return problem("DISCOVERY_FOLDER_MISSING", "The folder does not exist.");
    // Who names the manifest means its folder.
    if (code === "ENOTDIR" && basename(folder) === "plugin.json5") return undefined;
    if (code === "ENOTDIR") return problem("DISCOVERY_UNREADABLE", "This is not a folder.");
    return problem("DISCOVERY_UNREADABLE", `The folder can't be read: ${message}.`);
  }
}
