/**
 * What the words mean that name a source: an address, an npm package, a folder or an archive. Looks whether a
 * path is there, and asks nobody else.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { isVersionRange } from "../manifest/identity.js";
import { permittedAddress } from "./address.js";
import { sha512In } from "./integrity.js";
import type { NpmConfig } from "./npm-config.js";
import { sourceError } from "./source-error.js";
import type { SourceRecord } from "./source-record.js";

const packagePattern = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const longestPackageName = 214;

/** The values that belong to the words. @internal */
export interface SourceWords {
  readonly words: string;
  /** What the bytes have to be. */
  readonly integrity?: string | undefined;
  /** Paths are relative to it. */
  readonly cwd: string;
  /** Read only for a package. */
  readonly config: () => NpmConfig;
}

/**
 * Finds out what is meant. A folder or file that is there comes before a package of the same name, unless the
 * package has a scope.
 *
 * @throws ExtensionError `SOURCE_WORDS`, `SOURCE_INSECURE`
 * @internal
 */
export async function sourceNamed(source: SourceWords): Promise<SourceRecord> {
  const { words, integrity, cwd, config } = source;
  if (integrity !== undefined && sha512In(integrity) === undefined) {
    throw sourceError("SOURCE_WORDS", "The integrity has to be sha512- and the digest in base64.");
  }
  if (/^https?:/i.test(words)) {
    const address = permittedAddress(words).href;
    return integrity === undefined ? { kind: "address", address } : { kind: "address", address, integrity };
  }
  if (integrity !== undefined) {
    throw sourceError(
      "SOURCE_WORDS",
      "An integrity goes with an address; a registry tells that of its packages.",
    );
  }
  const path = resolve(cwd, words);
  const isMeantAsPackage = words.startsWith("@") || words.startsWith("npm:");
  const found = packageIn(words.replace(/^npm:/, ""));
  if (found === undefined || (!isMeantAsPackage && existsSync(path))) {
    if (!words.startsWith("npm:") && (isPathLike(words) || existsSync(path))) return { kind: "path", path };
    throw sourceError("SOURCE_WORDS", `${JSON.stringify(words)} ${whatIsWrong(words)}`);
  }
  return { kind: "npm", ...found, registry: (await config().registryOf(found.name)).href };
}

/** Whether a text can be the name of a package. @internal */
export function isPackageName(name: string): boolean {
  return name.length <= longestPackageName && packagePattern.test(name);
}

/** Whether words that are no package mean a path, also one where nothing is. */
function isPathLike(words: string): boolean {
  const isOtherwise = schemePattern.test(words) || remotePattern.test(words) || words.startsWith("@");
  return !isOtherwise && (/[/\\]/.test(words) || /^\.+$/.test(words) || archivePattern.test(words));
}

/** Two letters at least: one is a disk of Windows. */
const schemePattern = /^([a-z][a-z0-9+.-]+):/i;
/** As git and ssh name what is on another machine. */
const remotePattern = /^[\w.-]+@[\w.-]+:/;
const archivePattern = /\.(?:tgz|tar\.gz)$/;

/** The clause follows the words. */
function whatIsWrong(words: string): string {
  const scheme = schemePattern.exec(words)?.[1]?.toLowerCase();
  if (words === "") return "names nothing.";
  if (scheme === "file") return "is an address of a file; name the path itself.";
  if (scheme?.startsWith("git") === true || remotePattern.test(words))
    return "is a git repository, which is not installed from: clone it and name the folder.";
  if (scheme !== undefined && scheme !== "npm")
    return `is no address that is fetched from: ${scheme} is not https.`;
  const lower = words.replace(/^npm:/, "").toLowerCase();
  if (lower !== words && packageIn(lower) !== undefined)
    return `is neither a path that exists nor the name of a package, which is in lower case: ${lower}`;
  return "is neither a path that exists nor the name of a package with a version or range.";
}

function packageIn(words: string): { readonly name: string; readonly wanted: string } | undefined {
  const at = words.indexOf("@", 1);
  const name = at === -1 ? words : words.slice(0, at);
  const wanted = at === -1 ? "latest" : words.slice(at + 1);
  const isTag = /^[A-Za-z][A-Za-z0-9._-]*$/.test(wanted);
  const isArchive = archivePattern.test(words);
  const isWanted = isTag || isVersionRange(wanted);
  return isPackageName(name) && isWanted && !isArchive ? { name, wanted } : undefined;
}
