/**
 * Judges the paths of an archive's entries: alone, and beside the others. Pure.
 * Invariant: what passes can be written on Linux, macOS and Windows, inside the target, each entry into a
 * file of its own.
 */
import type { ExtensionError } from "@plugboard/extension-api";
import { archiveError } from "./archive-error.js";

const longestName = 255;
const longestPath = 1024;
// eslint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f-\u009f\ufffd]|\p{Surrogate}/u;
/** What lets a name be shown as another. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
const reservedCharacter = /[<>:"|?*]/;
const reservedName =
  /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(?:\.|$)/i;

/** The fault that keeps a path from being used everywhere; undefined if there is none. @internal */
export function faultOfEntryPath(path: string): ExtensionError | undefined {
  const leads = (what: string) => archiveError("ARCHIVE_PATH", `${quoted(path)} ${what}.`, { entry: path });
  const named = (what: string) => archiveError("ARCHIVE_NAME", `${quoted(path)} ${what}.`, { entry: path });
  if (control.test(path)) return leads("holds characters that no name may have");
  if (path.includes("\\")) return leads("holds a backslash");
  if (path.startsWith("/")) return leads("is absolute");
  if (/^[a-z]:/i.test(path)) return leads("names a drive");
  if (Buffer.byteLength(path) > longestPath) return named(`is longer than ${longestPath} bytes`);
  for (const part of path.split("/")) {
    if (part === "" || part === "." || part === "..") return leads(`has a part ${quoted(part)}`);
    if (Buffer.byteLength(part) > longestName) return named(`has a part longer than ${longestName} bytes`);
    if (turning.test(part)) return named("holds invisible characters that turn text around");
    if (reservedCharacter.test(part)) return named("holds a character that Windows keeps for itself");
    if (/[. ]$/.test(part)) return named("has a part that ends with a dot or a space, which Windows drops");
    if (reservedName.test(part)) return named("has a part that is the name of a device on Windows");
  }
  return undefined;
}

interface Known {
  readonly spelling: string;
  readonly kind: "file" | "folder";
}

/** Remembers the paths of one archive and refuses what would fall together with another. @internal */
export class EntryPaths {
  readonly #known = new Map<string, Known>();

  /**
   * Takes a path that {@link faultOfEntryPath} has passed.
   *
   * @throws ExtensionError `ARCHIVE_DUPLICATE` or `ARCHIVE_CASE_CLASH`
   */
  add(path: string, kind: "file" | "folder"): void {
    for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
      this.#take(path.slice(0, slash), "folder", path);
    }
    this.#take(path, kind, path);
  }

  #take(spelling: string, kind: Known["kind"], entry: string): void {
    const key = comparable(spelling);
    const known = this.#known.get(key);
    if (known === undefined) {
      this.#known.set(key, { spelling, kind });
      return;
    }
    if (known.spelling !== spelling) {
      const message = `${quoted(spelling)} and ${quoted(known.spelling)} are the same name on some disks.`;
      throw archiveError("ARCHIVE_CASE_CLASH", message, { entry });
    }
    if (known.kind === "folder" && kind === "folder") return;
    throw archiveError("ARCHIVE_DUPLICATE", `${quoted(spelling)} is there twice.`, { entry });
  }
}

/** The same for names that some disk takes for one. */
function comparable(name: string): string {
  return name
    .normalize("NFD")
    .replaceAll(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFC");
}

/** A path in a message: quoted, so that nothing in it reaches a terminal. */
function quoted(path: string): string {
  const text = path.length > 100 ? `${path.slice(0, 100)}…` : path;
  return JSON.stringify(text).replaceAll(/[^\x20-\x7e…\p{L}\p{N}\p{M}]/gu, escaped);
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
