/**
 * Which files of an extension's folder stay behind when it is packed: what nobody needs at run time and what
 * nobody else is to see. `.plugboardignore` adds to it and, with `!`, takes back.
 */
import { join } from "node:path";
import { readRegularFile } from "../common/read-regular-file.js";
import { archiveError } from "./archive-error.js";

/** Name of the file that says what stays behind, in the syntax of .gitignore. */
const ignoreFileName = ".plugboardignore";

const longestIgnoreFile = 256 * 1024;

/** Stays behind unless the ignore file says otherwise. */
const defaultIgnoreRules: readonly string[] = Object.freeze([
  // Secrets and what people keep them in.
  ".env",
  ".env.*",
  ".npmrc",
  "*.pem",
  "*.key",
  // Version control, editors, systems.
  ".git",
  ".gitignore",
  ".gitattributes",
  ".gitmodules",
  ".svn",
  ".hg",
  "/.github",
  "/.vscode",
  "/.idea",
  ".DS_Store",
  "Thumbs.db",
  "*.swp",
  "*~",
  // Tests and tools.
  "/test",
  "/tests",
  "/__tests__",
  "*.test.*",
  "*.spec.*",
  "/coverage",
  "/package-lock.json",
  "/npm-shrinkwrap.json",
  "/yarn.lock",
  "/pnpm-lock.yaml",
  "/tsconfig*.json",
  "*.tsbuildinfo",
  ".editorconfig",
  ".prettier*",
  ".eslint*",
  "/eslint.config.*",
  "npm-debug.log*",
  // What comes of packing and running.
  "/*.tgz",
  "/.plugboard",
  ignoreFileName,
]);

/** Of an installed package only what can't be content stays behind; the ignore file can name more. */
const packageIgnoreRules: readonly string[] = [".git", ".DS_Store", "Thumbs.db", ".npmrc", ".env"];

/** Tells what stays behind. @internal */
export interface IgnoreRules {
  /** Whether a path below the folder stays behind; that of a folder ends with a slash. */
  ignores(path: string): boolean;
}

/** Reads the rules that hold in an extension's folder. @internal */
export async function readIgnoreRules(folder: string): Promise<IgnoreRules> {
  const { default: ignore } = await import("ignore");
  const text = readIgnoreFile(folder);
  const own = ignore({ ignorecase: false })
    .add([...defaultIgnoreRules])
    .add(text);
  const packages = ignore({ ignorecase: false })
    .add([...packageIgnoreRules])
    .add(text);
  return {
    ignores: (path) => (/(?:^|\/)node_modules\//.test(path) ? packages : own).ignores(path),
  };
}

function readIgnoreFile(folder: string): string {
  const file = join(folder, ignoreFileName);
  try {
    return readRegularFile(file, longestIgnoreFile);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw archiveError("ARCHIVE_UNREADABLE", `${file} can't be read.`, { entry: ignoreFileName, cause });
  }
}
