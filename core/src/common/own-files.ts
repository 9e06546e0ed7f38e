/**
 * Finds the files of this package beside its code: programs for guests, packages that few need, templates. The sources,
 * what the compiler makes of them, and the bundles have this module in the second folder of the package's.
 */
import { existsSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { ExtensionError } from "@plugboard/extension-api";
import { lazyRequire } from "./node-module.js";

/** The folder of this package. @internal */
export function ownFolder(): string {
  return fileURLToPath(new URL("../..", import.meta.url));
}

/** A program that a runtime starts for a guest. @internal */
export function ownProgram(
  name: "worker-main" | "process-main" | "watchdog-main" | "transform-main",
): string {
  return join(ownFolder(), "bundle/programs", `${name}.cjs`);
}

/** A package that lies in a bundle of its own, since few need it, loaded on first use. @internal */
export function ownPackage(name: "acorn" | "ajv" | "semver"): unknown {
  return requireHere(join(ownFolder(), "bundle/packages", `${name}.cjs`));
}

const requireHere = lazyRequire(import.meta.url);

/** Whether the text, such as a line of a stack or a file, names code of the host. @internal */
export function namesOwnCode(text: string): boolean {
  return ["bundle", "dist", "src"]
    .map((name) => join(ownFolder(), name))
    .some((folder) => text.includes(folder + sep) || text.includes(`${pathToFileURL(folder).href}/`));
}

/**
 * Says that the host's code was put where the host's files are not.
 *
 * @throws ExtensionError `HOST_FILES_MISSING`
 * @internal
 */
export function assertOwnFiles(): void {
  if (hasPrograms()) return;
  throw new ExtensionError(
    "HOST_FILES_MISSING",
    `The code of @plugboard/core runs from ${import.meta.url}, and its programs are not beside it.`,
  );
}

function hasPrograms(): boolean {
  try {
    return existsSync(ownProgram("worker-main"));
  } catch {
    // Made into CommonJS, it does not know where it is.
    return false;
  }
}
