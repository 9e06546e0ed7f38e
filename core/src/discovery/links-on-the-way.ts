/** Finds the links through which a path leads, wherever they are on the way. */
import { dirname, join, resolve, sep } from "node:path";
import { isLink, lookAtLink, lookBehind } from "../common/look-at.js";

/** More than any system follows. */
const mostLinks = 40;

/**
 * The links that are followed from the path on, in order, and at last where they lead, though nothing may be there;
 * nothing for a path without links.
 *
 * @param realFolders - keeps what is known of folders from one call to the next
 * @internal
 */
export function linksOnTheWay(path: string, realFolders = new Map<string, boolean>()): readonly string[] {
  const found: string[] = [];
  let current = path;
  for (let count = 0; count < mostLinks; count += 1) {
    const link = firstLink(current, realFolders);
    if (link === undefined) break;
    const target = lookAtLink(link).found;
    if (target === undefined) break;
    found.push(link);
    current = join(resolve(dirname(link), target), current.slice(link.length));
  }
  if (found.length > 0) found.push(current);
  return found;
}

/** The first link on the way to the path. */
function firstLink(path: string, realFolders: Map<string, boolean>): string | undefined {
  const folder = dirname(path);
  let isReal = realFolders.get(folder);
  if (isReal === undefined) realFolders.set(folder, (isReal = lookBehind(folder).found === folder));
  if (isReal) return isLink(path) ? path : undefined;
  for (let end = path.indexOf(sep, 1); end >= 0; end = path.indexOf(sep, end + 1)) {
    if (isLink(path.slice(0, end))) return path.slice(0, end);
  }
  return isLink(path) ? path : undefined;
}
