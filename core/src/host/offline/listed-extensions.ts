/** Finds extensions by their folders alone, for those who work on state and files where no host is at hand. */
import apiPackage from "@plugboard/extension-api/package.json" with { type: "json" };
import type { ExtensionDescription } from "../../discovery/extension-description.js";
import { ExtensionDiscovery } from "../../discovery/extension-discovery.js";
import { unknownExtension } from "../../lifecycle/extension/lifecycle-errors.js";
import { parseManifest } from "../../manifest/parse-manifest.js";
import type { ExtensionFolders } from "../face/extension-folders.js";
import { didYouMean } from "../face/host-errors.js";

/** The folders to look in. @internal */
interface ListedFolders {
  readonly extensionFolders: readonly string[];
  readonly developmentFolders: readonly string[];
}

/** The extensions that a host would use, by id, in its order. Runs none of their code. @internal */
export async function listedExtensions({
  extensionFolders: folders = [],
  developmentFolders = [],
}: ExtensionFolders): Promise<ReadonlyMap<string, ExtensionDescription>> {
  const discovery = new ExtensionDiscovery({
    folders,
    developmentFolders,
    parse: (source) => parseManifest(source, { apiVersion: apiPackage.version }),
  });
  try {
    // What can't be read is a finding about its folder; whoever validates it is told.
    const { delta } = discovery.scan();
    return new Map(delta.added.map((description) => [description.id, description]));
  } finally {
    await discovery.close();
  }
}

/**
 * The one of the id.
 *
 * @throws ExtensionError `EXTENSION_UNKNOWN`
 * @internal
 */
export async function listedExtension(id: string, folders: ExtensionFolders): Promise<ExtensionDescription> {
  const listed = await listedExtensions(folders);
  const found = listed.get(id);
  if (found !== undefined) return found;
  throw unknownExtension(id, didYouMean(id, listed.keys()));
}
