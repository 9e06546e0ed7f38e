/**
 * Which files of an extension's folder stay behind when it is packed: what nobody needs at run time and what
 * nobody else is to see. `.plugboardignore` adds to it and, with `!`, takes back. It goes along, so that who installs
 * can tell a package that was left out on purpose from one that was forgotten.
 */
import { join, posix } from "node:path";
import { readRegularFile } from "../common/read-regular-file.js";
import { archiveError } from "./archive-error.js";
import type { PackageRules } from "./needed-packages.js";

/** Name of the file that says what stays behind, in the syntax of .gitignore. */
const ignoreFileName = ".plugboardignore";

const longestIgnoreFile = 256 * 1024;

/** Stays behind unless the ignore file says otherwise. */
const defaultIgnoreRules: readonly string[] = Object.freeze([
  // Settings of a machine or a person, often with secrets. What is a secret beyond them is refused, not left behind.
  ".env",
  ".env.*",
  ".npmrc",
  ".yarnrc",
  ".yarnrc.yml",
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
]);

/** Of an installed package only what can't be content stays behind; the ignore file can name more. */
const packageIgnoreRules: readonly string[] = [".git", ".DS_Store", "Thumbs.db", ".npmrc", ".env"];

/** Tells what stays behind. @internal */
export interface IgnoreRules extends PackageRules {
  /** Whether the ignore file takes a path back that would stay behind, or be refused. */
  takesBack(this: void, path: string): boolean;
}

/** Reads the rules that hold in the folder of an extension of that id. @internal */
export async function readIgnoreRules(folder: string, id: string): Promise<IgnoreRules> {
  const { default: ignore } = await import("ignore");
  const text = readIgnoreFile(folder);
  const written = ignore({ ignorecase: false }).add(text);
  const own = ignore({ ignorecase: false })
    // Wherever they lie: packed into a folder inside, each archive would hold those before it.
    .add([...defaultIgnoreRules, `${id}-*.tgz`, `${id}-*.tgz.*.new`])
    .add(text);
  const packages = ignore({ ignorecase: false })
    .add([...packageIgnoreRules])
    .add(text);
  return {
    ignores: (path) => (/(?:^|\/)node_modules\//.test(path) ? packages : own).ignores(path),
    takesBack: (path) => written.test(path).unignored,
    doesWithout: packagesLeftOut(text),
  };
}

/** The rules for what is installed: all of it counts, and what is missing on purpose was named. @internal */
export function installedRules(folder: string): PackageRules {
  return { ignores: () => false, doesWithout: packagesLeftOut(readIgnoreFile(folder)) };
}

/**
 * Only lines that name packages as they are called, or all of a folder: patterns of a stranger could take any time, and
 * who packs and who installs have to come to the same end.
 */
function packagesLeftOut(text: string): (path: string) => boolean {
  const named = new Set(text.split("\n").map(withoutStars));
  return (path) => {
    for (let way = path; way !== "." && way !== ""; way = posix.dirname(way)) {
      if (named.has(way) || (posix.basename(way) === "node_modules" && named.has("node_modules")))
        return true;
    }
    return false;
  };
}

// `/node_modules/`, `**/node_modules` and `node_modules/*` mean the same here.
function withoutStars(line: string): string {
  const parts = line.trim().split("/");
  const isOpen = (part: string | undefined) => part === "" || part === "*" || part === "**";
  const first = parts.findIndex((part) => !isOpen(part));
  const last = parts.findLastIndex((part) => !isOpen(part));
  return parts.slice(Math.max(0, first), last + 1).join("/");
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
