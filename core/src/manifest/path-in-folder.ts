/**
 * Judges the paths that a manifest names by their text alone. Where they lead after symbolic links is
 * looked at when they are opened.
 */

/**
 * Says what keeps a path from being one inside the extension's folder, a clause without its subject;
 * `undefined` if nothing does.
 *
 * @internal
 */
export function faultOfPath(path: string): string | undefined {
  if (path.includes("\0")) return "must not hold a NUL character";
  if (path.includes("\\")) return "has to use / between its parts, not \\";
  if (path.startsWith("/") || (path.includes(":") && /^[a-z][a-z0-9+.-]*:/i.test(path))) {
    return "has to be relative to the extension's folder";
  }
  if (!path.includes("..")) return undefined;
  let depth = 0;
  for (const part of path.split("/")) {
    if (part === "..") depth -= 1;
    else if (part !== "" && part !== ".") depth += 1;
    if (depth < 0) return "leads out of the extension's folder";
  }
  return undefined;
}
