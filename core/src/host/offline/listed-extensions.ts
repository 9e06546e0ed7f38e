/** Finds extensions by their folders alone, for those who work on state and files where no host is at hand. */
import { ExtensionError } from "@plugboard/extension-api";
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { didYouMean } from "../face/host-errors.js";
import { Host } from "../host.js";

/** The folders to look in. @internal */
export interface ListedFolders {
  readonly extensionFolders: readonly string[];
  readonly developmentFolders: readonly string[];
}

/** The extensions that a host would use, by id, in its order. Runs none of their code. @internal */
export async function listedExtensions(
  folders: ListedFolders,
): Promise<ReadonlyMap<string, ExtensionDescription>> {
  const host = new Host(folders);
  const found = new Map<string, ExtensionDescription>();
  try {
    host.list();
    for (const { folder, reason } of host.extensions) {
      const description = host.description(folder);
      if (description !== undefined && reason?.code !== "SHADOWED") found.set(description.id, description);
    }
  } finally {
    await host.stop();
  }
  return found;
}

/**
 * The one of the id.
 *
 * @throws ExtensionError `EXTENSION_UNKNOWN`
 * @internal
 */
export async function listedExtension(id: string, folders: ListedFolders): Promise<ExtensionDescription> {
  const listed = await listedExtensions(folders);
  const found = listed.get(id);
  if (found !== undefined) return found;
  const message = `No extension "${id}" is known.${didYouMean(id, [...listed.keys()])}`;
  throw new ExtensionError("EXTENSION_UNKNOWN", message, { extensionId: id });
}
