import { isAbsolute, relative, sep } from "node:path";

/**
 * Whether a path is the folder or lies in it, as paths: `/data-2` does not lie in `/data`, nor does
 * `/data/../etc`. Both are absolute.
 *
 * @internal
 */
export function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
