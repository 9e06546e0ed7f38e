/** Checks folders as a host would, without running any of their code. */
import { existsSync } from "node:fs";
import { basename, join, resolve, sep } from "node:path";
import { greeters, transformers, type Problem } from "@plugboard/extension-api";
import { checkPaths } from "../discovery/check-paths.js";
import type { ExtensionInfo } from "./face/extension-host.js";
import { hiddenInFolder } from "../manifest/hidden-in-folder.js";
import { Host } from "./host.js";
import { manifestName } from "../manifest/identity.js";

/** The findings of {@link validateExtensions}. @public */
export interface Validation {
  /** Whether no Problem is an error. */
  readonly valid: boolean;
  /** Everything found, by folder. */
  readonly problems: readonly Problem[];
}

/** What is only missing because the rest of the host's extensions is, or the application with what it grants. */
const aboutOthers: ReadonlySet<string> = new Set([
  "DEPENDENCY_MISSING",
  "DEPENDENCY_FAILED",
  "CAPABILITY_UNGRANTED",
  "SERVICE_UNKNOWN",
]);

/**
 * Checks every directory, each an extension or a folder of them: manifests, the sections of the bundled
 * points and of those that the extensions open for each other, and that every path leads to a file inside.
 * Runs no code of theirs and never rejects because of what it finds.
 *
 * `beside` names directories, of the same two kinds, whose extensions are known and not checked: they may bring the
 * runtime or open the point that those which are checked need. One that is not there is left out.
 *
 * @public
 */
export async function validateExtensions(
  directories: readonly string[],
  { beside = [] }: { readonly beside?: readonly string[] } = {},
): Promise<Validation> {
  // Who names the manifest means its folder.
  const folders = directories.map((directory) =>
    basename(directory) === manifestName ? resolve(directory, "..") : resolve(directory),
  );
  const others = beside.map((directory) => resolve(directory)).filter((folder) => existsSync(folder));
  const known = [...folders, ...others];
  const isExtension = (folder: string) => existsSync(join(folder, manifestName));
  const isChecked = (path: string) =>
    folders.some((folder) => path === folder || path.startsWith(folder + sep));
  const host = new Host({
    developmentFolders: known.filter(isExtension),
    extensionFolders: known.filter((folder) => !isExtension(folder)),
    points: [greeters, transformers],
  });
  try {
    host.list();
    const problems = [
      ...host.problems.filter(({ file }) => others.length === 0 || isChecked(file)).map(asFault),
      ...[...host.extensions]
        .filter(({ folder }) => others.length === 0 || isChecked(folder))
        // One that is also among the others is found twice, and hidden by itself.
        .filter(({ reason }) => others.length === 0 || reason?.code !== "SHADOWED")
        .flatMap((info) => problemsOf(host, info)),
    ];
    return { valid: !problems.some(({ severity }) => severity === "error"), problems };
  } finally {
    await host.stop();
  }
}

/** A host waits for a folder that is not there; somebody who asks for it to be checked has mistyped it. */
function asFault(problem: Problem): Problem {
  if (problem.code !== "DISCOVERY_FOLDER_MISSING") return problem;
  return { ...problem, severity: "error", message: `${problem.file} does not exist.` };
}

/** The extension that brings a runtime need not lie among those that are checked; a near name is a slip all the same. */
function asSure(problem: Problem): Problem {
  const isNote =
    problem.code === "RUNTIME_UNKNOWN" && problem.severity === "warning" && problem.suggestion === undefined;
  return isNote ? { ...problem, severity: "info" } : problem;
}

function problemsOf(host: Host, info: ExtensionInfo): readonly Problem[] {
  const found = info.problems.filter((problem) => !aboutOthers.has(problem.code)).map(asSure);
  const description = host.description(info.folder);
  if (description !== undefined) {
    const misled = checkPaths(description);
    // A file that lies elsewhere is none of the extension's.
    const main = misled.length === 0 ? description.manifest.main : undefined;
    const unused = host.settingsProblems(description).filter((problem) => !isKnown(problem, info.problems));
    return [...found, ...unused, ...misled, ...hiddenInFolder(info.folder, main)];
  }
  const hidden = hiddenInFolder(info.folder, undefined);
  const visible = found.filter((problem) => !isSameId(problem, hidden));
  const draft = host.draftProblems(info.folder).filter((problem) => !isKnown(problem, found));
  return [...visible, ...draft, ...hidden];
}

/** An id of the wrong form, because of what is hidden in it, is one mistake. */
function isSameId({ line, path }: Problem, hidden: readonly Problem[]): boolean {
  return (
    path?.endsWith("/id") === true && hidden.some((one) => one.severity === "error" && one.line === line)
  );
}

function isKnown(problem: Problem, found: readonly Problem[]): boolean {
  return found.some((other) => other.line === problem.line && other.column === problem.column);
}
