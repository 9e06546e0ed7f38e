/**
 * Looks where the paths of a manifest lead on this disk, after symbolic links. Their wording is judged by the
 * manifest's parser. Asked for by `plugboard validate`, not when folders are found.
 */
import { dirname, resolve, sep } from "node:path";
import type { Problem } from "@plugboard/extension-api";
import { lookAtEntry, lookAt, lookBehind, saysMissing, type Look } from "../common/look-at.js";
import { readRegularFile } from "../common/read-regular-file.js";
import { maximumManifestBytes } from "../manifest/parse-manifest.js";
import { childPointer, ManifestPlaces } from "../manifest/locate.js";
import { settingsFiles } from "../manifest/manifest-outline.js";
import { faultOfPath } from "../manifest/path-in-folder.js";
import { mostFindings } from "../manifest/format-findings.js";
import type { ExtensionDescription } from "./extension-description.js";
import { manifestName } from "../manifest/identity.js";

interface NamedPath {
  readonly path: string;
  readonly pointer: string;
  readonly kind: "file" | "perhaps missing";
}

/**
 * Tells every path of the manifest that is missing or leads out of the extension's folder; an empty list when all
 * are in order.
 *
 * @internal
 */
export function checkPaths(description: ExtensionDescription): Problem[] {
  const { folder, id } = description;
  const problems: Problem[] = [];
  let places: ManifestPlaces | undefined;
  for (const { path, pointer, kind } of namedPaths(description)) {
    const fault = faultOnDisk(folder, path, kind);
    if (fault === undefined) continue;
    if (problems.length === mostFindings) break;
    const file = folder + sep + manifestName;
    places ??= placesIn(file);
    const message = `The path ${JSON.stringify(path)} ${fault}.`;
    problems.push({
      code: "MANIFEST_PATH",
      severity: "error",
      file,
      ...places?.at(pointer, "value"),
      path: pointer,
      message,
      extensionId: id,
    });
  }
  return problems;
}

function* namedPaths({ manifest }: ExtensionDescription): Iterable<NamedPath> {
  if (manifest.main !== undefined) yield { path: manifest.main, pointer: "/main", kind: "file" };
  if (manifest.icon !== undefined) yield { path: manifest.icon, pointer: "/icon", kind: "file" };
  for (const [index, point] of (manifest.contributes?.points ?? []).entries()) {
    if (point.schema === undefined) continue;
    yield { path: point.schema, pointer: `/contributes/points/${index}/schema`, kind: "file" };
  }
  for (const { file, pointer } of settingsFiles({ manifest })) yield { path: file, pointer, kind: "file" };
  for (const access of ["read", "write"] as const) {
    // What an extension may read or write need not be there yet; where it leads counts all the same. A path
    // that says itself that it is outside is for the application to grant.
    for (const [index, path] of (manifest.capabilities?.fs?.[access] ?? []).entries()) {
      if (faultOfPath(path) !== undefined) continue;
      yield { path, pointer: childPointer(`/capabilities/fs/${access}`, index), kind: "perhaps missing" };
    }
  }
}

/**
 * What keeps a path of the extension from leading to a file inside its folder, a clause without its subject; undefined
 * if nothing does. @internal
 */
export function faultOnDisk(folder: string, path: string, kind: NamedPath["kind"]): string | undefined {
  const target = resolve(folder, path);
  if (kind === "file" && isPlainFile(folder, target)) return undefined;
  const within = lookBehind(folder);
  if (within.found === undefined) return faultOfCode(within.code);
  const { found: real, code } = kind === "perhaps missing" ? lookBehindNearest(target) : lookBehind(target);
  if (real === undefined) return faultOfCode(code);
  if (real !== within.found && !real.startsWith(within.found + sep)) {
    return `leads out of the extension's folder, to ${real}`;
  }
  if (kind === "perhaps missing") return undefined;
  const look = lookAt(real);
  if (look.found === undefined) return faultOfCode(look.code);
  return look.found.isFile() ? undefined : "is not a file";
}

function faultOfCode(code: string): string {
  if (saysMissing(code)) return "does not exist";
  return code === "ELOOP" ? "is a symbolic link that leads to itself" : `can't be read: ${code}`;
}

/** Whether it is a file below the folder with no link on the way, which can't lead out of it. */
function isPlainFile(folder: string, target: string): boolean {
  if (!target.startsWith(folder + sep)) return false;
  for (let end = target.indexOf(sep, folder.length + 1); end >= 0; end = target.indexOf(sep, end + 1)) {
    if (lookAtEntry(target.slice(0, end)).found?.isDirectory() !== true) return false;
  }
  return lookAtEntry(target).found?.isFile() === true;
}

/** The place to which a path leads, or would lead once what is missing of it is made. */
function lookBehindNearest(path: string): Look<string> {
  for (let existing = path; ; existing = dirname(existing)) {
    const { found, code } = lookBehind(existing);
    if (found !== undefined) return { found: found + path.slice(existing.length) };
    if (code !== "ENOENT" || existing === dirname(existing)) return { code };
  }
}

function placesIn(file: string): ManifestPlaces | undefined {
  try {
    return new ManifestPlaces(readRegularFile(file, maximumManifestBytes));
  } catch {
    // The manifest went or changed since it was read; the problem is told without a place.
    return undefined;
  }
}
