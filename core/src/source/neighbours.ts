/** Extensions that lie in one folder on this machine: folders, and archives named as `pack` names them. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { identityInFolder } from "../archive/extension-identity.js";
import { isExtensionVersion } from "../manifest/identity.js";
import { sourceError } from "./source-error.js";

/** A folder or an archive that should hold a version. @internal */
export interface Neighbour {
  readonly version: string;
  readonly path: string;
}

/** The versions of an extension that lie in a folder. @internal */
export function neighboursIn(folder: string, id: string): readonly Neighbour[] {
  return namesIn(folder).flatMap((name) => {
    if (name.startsWith(".") || name === "node_modules") return [];
    const path = join(folder, name);
    const version = versionInName(name, id) ?? versionInFolder(path, id);
    return version === undefined ? [] : [{ version, path }];
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw sourceError("SOURCE_MISSING", `${folder} can't be looked into.`, { cause });
  }
}

function versionInName(name: string, id: string): string | undefined {
  if (!name.startsWith(`${id}-`) || !name.endsWith(".tgz")) return undefined;
  const version = name.slice(id.length + 1, -".tgz".length);
  return isExtensionVersion(version) ? version : undefined;
}

function versionInFolder(path: string, id: string): string | undefined {
  try {
    if (!statSync(path).isDirectory()) return undefined;
    const identity = identityInFolder(path);
    return identity.id === id ? identity.version : undefined;
  } catch {
    // No extension, or a broken one, which is none to install.
    return undefined;
  }
}
