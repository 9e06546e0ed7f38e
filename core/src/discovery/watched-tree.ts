/**
 * Walks the part of an extension's folder that its `watch` globs may fit. One walk serves whoever follows files and
 * whoever compares them.
 * Invariant: a walk ends, and comes no further than the extension's folder, whatever links lie in it; it may be left
 * and gone on with after every entry.
 */
import type { Dirent } from "node:fs";
import { sep } from "node:path";
import { isWithin } from "../common/is-within.js";
import { isFolder, lookBehind, lookThrough } from "../common/look-at.js";
import type { WatchGlobs } from "../manifest/watch-globs.js";

/** A file that a glob fits, or a folder in which there may be some. @internal */
export interface TreeItem {
  readonly kind: "folder" | "file";
  readonly path: string;
  /** The path without links, but for the file's own. */
  readonly realPath: string;
  /** Where in the folder, with `/` between names; empty for the folder itself. */
  readonly place: string;
  readonly isLink: boolean;
}

/** By how many ways a folder is entered that links lead to; those that lead in a ring would have no end. */
const mostWays = 4;

/** Walks; a folder comes before it is read. For entries that are nothing, `undefined` comes. @internal */
export function* walkTree(folder: string, globs: WatchGlobs): Generator<TreeItem | undefined, void> {
  const root = lookBehind(folder).found;
  if (root === undefined) return;
  const ways = new Map<string, number>();
  const open = [{ path: folder, place: "", isLink: false }];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    const realPath = lookBehind(current.path).found;
    if (realPath === undefined || !isWithin(root, realPath)) continue;
    const way = (ways.get(realPath) ?? 0) + 1;
    ways.set(realPath, way);
    if (way > mostWays) continue;
    yield { kind: "folder", ...current, realPath };
    for (const entry of lookThrough(current.path)) {
      const place = current.place === "" ? entry.name : `${current.place}/${entry.name}`;
      const path = current.path + sep + entry.name;
      const isLink = entry.isSymbolicLink();
      if (leadsOn(entry, path)) {
        if (globs.leadsInto(place)) open.push({ path, place, isLink });
        yield undefined;
      } else if (globs.fits(place)) {
        yield { kind: "file", path, realPath: realPath + sep + entry.name, place, isLink };
      } else {
        yield undefined;
      }
    }
  }
}

function leadsOn(entry: Dirent, path: string): boolean {
  return entry.isDirectory() || (entry.isSymbolicLink() && isFolder(path));
}
