/** Paths as the command line shows them. */
import { relative, sep } from "node:path";

/** A path relative to the current directory, with forward slashes. @internal */
export function pathText(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === "" ? "." : short.split(sep).join("/");
}

/** The same for sentences: a path below the current directory starts with `./`. @internal */
export function folderText(path: string, cwd: string): string {
  const short = pathText(path, cwd);
  return short === "." || short.startsWith("..") || short.startsWith("/") || /^[a-z]:/i.test(short)
    ? short
    : `./${short}`;
}
