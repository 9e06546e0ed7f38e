/**
 * Finds keys that others can get at: secret ones they may read, and trusted ones they may change. Reads no more of a
 * file than tells whether it holds a secret key, and repeats nothing of it.
 */
import { join } from "node:path";
import { lookAt, lookInto } from "../common/look-at.js";
import { readRegularFile } from "../common/read-regular-file.js";

/** A file that others can get at. @internal */
export interface ExposedFile {
  readonly file: string;
  readonly exposure: "secret key can be read" | "can be changed";
}

const largestKeyFile = 16 * 1024;
const othersRead = 0o044;
const othersWrite = 0o022;

/** Looks at a folder of keys, or at one file. A path that is not there exposes nothing. @internal */
export function exposedKeys(path: string): readonly ExposedFile[] {
  const { found: stat } = lookAt(path);
  // Windows keeps its permissions elsewhere.
  if (stat === undefined || process.platform === "win32") return [];
  const files = stat.isDirectory()
    ? (lookInto(path).found ?? []).map(({ name }) => join(path, name))
    : [path];
  const found = files.flatMap(exposureOf);
  const isOpen = stat.isDirectory() && (stat.mode & othersWrite) !== 0;
  return isOpen ? [{ file: path, exposure: "can be changed" }, ...found] : found;
}

function exposureOf(file: string): readonly ExposedFile[] {
  const { found: stat } = lookAt(file);
  if (stat === undefined || !stat.isFile()) return [];
  if ((stat.mode & othersWrite) !== 0) return [{ file, exposure: "can be changed" }];
  if ((stat.mode & othersRead) === 0 || stat.size > largestKeyFile) return [];
  return holdsSecretKey(file) ? [{ file, exposure: "secret key can be read" }] : [];
}

function holdsSecretKey(file: string): boolean {
  try {
    return readRegularFile(file, largestKeyFile).includes("PRIVATE KEY");
  } catch {
    // What we may not read ourselves, or went meanwhile, nobody can tell.
    return false;
  }
}
