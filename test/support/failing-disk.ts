/**
 * Puts itself between a program and its disk: keeps a list of the places from which files are used, and lets those
 * fail that it is told to. To be imported before anything else that uses files.
 */
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { fileURLToPath } from "node:url";

/** A place in the code that uses files of one kind in one way. */
export interface Site {
  /** Names it: function, place and kind of file. */
  readonly key: string;
  readonly kind: string;
  readonly isWatch: boolean;
}

/** A folder whose files may be made to fail. */
export interface FailingFolder {
  /** What kind of file a path below the folder is of; undefined for one that never fails. */
  readonly kindOf: (path: string) => string | undefined;
  /** The key of the site that fails, and how. */
  fault: { readonly key: string; readonly code: string; count: number; last?: string } | undefined;
}

/** Every site that was met. */
export const sites = new Map<string, Site>();
/** By path. */
export const folders = new Map<string, FailingFolder>();

const errnos: Readonly<Record<string, number>> = {
  ENAMETOOLONG: -36,
  ELOOP: -40,
  EACCES: -13,
  ENOTDIR: -20,
  EPERM: -1,
  EIO: -5,
  EMFILE: -24,
  ENOSPC: -28,
  ESTALE: -116,
};

/** Every way in which a disk is made to fail. */
export const faultCodes = Object.keys(errnos);

const core = fileURLToPath(new URL("../../core/dist/", import.meta.url));
/** They look for others, who are the ones that matter. */
const goBetweens =
  /common\/(?:look-at|read-regular-file|folder-identity|file-identity|nearest-existing|write-whole)\.js/;
const descriptors = new Map<number, string>();

/** The error that is due at this place, if one is. */
function due(name: string, path: unknown): NodeJS.ErrnoException | undefined {
  const text = path instanceof URL ? fileURLToPath(path) : typeof path === "string" ? path : undefined;
  if (text === undefined) return undefined;
  const [root, folder] = [...folders].find(([each]) => text === each || text.startsWith(`${each}/`)) ?? [];
  if (root === undefined || folder === undefined) return undefined;
  const kind = folder.kindOf(text.slice(root.length + 1));
  const place = kind === undefined ? undefined : caller();
  if (place === undefined) return undefined;
  const key = `${name} ${kind ?? ""} ${place}`;
  if (!sites.has(key)) sites.set(key, { key, kind: kind ?? "", isWatch: name.startsWith("watch") });
  const { fault } = folder;
  if (fault?.key !== key) return undefined;
  fault.count += 1;
  fault.last = text;
  const error: NodeJS.ErrnoException = new Error(`${fault.code}: injected, ${name} '${text}'`);
  return Object.assign(error, {
    code: fault.code,
    errno: errnos[fault.code] ?? 0,
    syscall: name,
    path: text,
  });
}

/** The nearest place in the host's own code, or in what watches for it. */
function caller(): string | undefined {
  const before = Error.stackTraceLimit;
  Error.stackTraceLimit = 25;
  const lines = (new Error().stack ?? "").split("\n").slice(3);
  Error.stackTraceLimit = before;
  const places = lines.map((line) => /(?:file:\/\/)?(\/[^()]+):(\d+):\d+\)?$/.exec(line));
  const own = places.find((place) => place?.[1]?.startsWith(core) === true && !goBetweens.test(place[1]));
  const found = own ?? places.find((place) => place?.[1]?.includes("/chokidar/") === true);
  if (!found) return undefined;
  return `${(found[1] ?? "").replace(core, "").replace(/^.*node_modules\//, "")}:${found[2] ?? ""}`;
}

type Anything = (...args: any[]) => any;
const files = fs as unknown as Record<string, Anything>;
const promises = fs.promises as unknown as Record<string, Anything>;

function sync(name: string): void {
  const real = files[name]!;
  const failing: Anything = function (this: unknown, path: unknown, ...rest: unknown[]) {
    const target = typeof path === "number" ? descriptors.get(path) : path;
    const error = due(name, target);
    if (name === "closeSync" && typeof path === "number") descriptors.delete(path);
    if (error !== undefined) {
      if (name === "closeSync") real.call(this, path);
      const [options] = rest as [{ throwIfNoEntry?: boolean }?];
      if (error.code === "ENOTDIR" && options?.throwIfNoEntry === false) return undefined;
      throw error;
    }
    const result: unknown = real.call(this, path, ...rest);
    if (name === "openSync" && typeof path === "string") descriptors.set(result as number, path);
    return result;
  };
  const native = (real as unknown as { native?: Anything }).native;
  if (native !== undefined) {
    (failing as unknown as { native: Anything }).native = (path: unknown, ...rest: unknown[]) => {
      const error = due(`${name}.native`, path);
      if (error !== undefined) throw error;
      return native(path, ...rest) as unknown;
    };
  }
  files[name] = failing;
}

function later(name: string): void {
  const real = promises[name]!;
  promises[name] = async function (this: unknown, path: unknown, ...rest: unknown[]): Promise<unknown> {
    const error = due(name, path);
    if (error !== undefined) throw error;
    const result: unknown = await real.call(this, path, ...rest);
    return name === "open" ? withFaults(result as Record<string, Anything>, path) : result;
  };
}

function withFaults(handle: Record<string, Anything>, path: unknown): unknown {
  for (const name of ["writeFile", "write", "sync", "close", "stat", "readFile", "read"]) {
    const real = handle[name]!.bind(handle);
    handle[name] = async (...args: unknown[]): Promise<unknown> => {
      const error = due(`handle.${name}`, path);
      if (error !== undefined && name === "close") await real();
      if (error !== undefined) throw error;
      return real(...args);
    };
  }
  return handle;
}

/** A watch fails when it is made, or later. */
function watching(): void {
  const real = files["watch"]!;
  files["watch"] = (path: unknown, ...rest: unknown[]) => {
    const error = due("watch", path);
    if (error !== undefined) throw error;
    const watcher = real(path, ...rest) as NodeJS.EventEmitter;
    const late = due("watch later", path);
    if (late !== undefined) setImmediate(() => watcher.emit("error", late));
    return watcher;
  };
}

const bothWays = [
  "access",
  "chmod",
  "lstat",
  "mkdir",
  "open",
  "opendir",
  "readdir",
  "readFile",
  "readlink",
  "realpath",
];
for (const name of [...bothWays, "rename", "rm", "stat", "symlink", "unlink", "utimes", "writeFile"]) {
  sync(`${name}Sync`);
  later(name);
}
for (const name of ["fstatSync", "readSync", "writeSync", "fsyncSync", "closeSync"]) sync(name);
watching();
syncBuiltinESMExports();
